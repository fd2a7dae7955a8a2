import type { FlowLine } from '../api/answers.ts';
import { toneOf } from '../explain/tone.ts';
import { useLanguage } from '../frame/language.tsx';
import { toneClass } from '../kit/figure.tsx';
import kit from '../kit/kit.module.css';
import styles from './sales.module.css';

/** Who gets what of a sale, as the ledger says it: the ends of its flow. */
export function Shares({ lines }: { readonly lines: readonly FlowLine[] }) {
  const { words, rp } = useLanguage();
  const ends = lines.flatMap(({ lineRef, nodes, edges }) => {
    const sources = new Set(edges.map(({ from }) => from));
    return nodes.filter(({ id }) => !sources.has(id)).map((node) => ({ ...node, key: `${lineRef}/${node.id}` }));
  });
  const largest = Math.max(1, ...ends.map(({ amount }) => amount));
  return (
    <ul className={styles.shares}>
      {ends.map((end) => (
        <li key={end.key} className={toneClass(toneOf(end))}>
          <span>{words(end.label)}</span>
          <span className="figures">{rp(end.amount)}</span>
          <span className={kit.bar} style={{ width: `${(end.amount / largest) * 100}%` }} aria-hidden="true" />
        </li>
      ))}
    </ul>
  );
}
