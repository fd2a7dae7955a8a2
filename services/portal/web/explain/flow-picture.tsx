import { Trans } from '@lingui/react/macro';
import { useId } from 'react';
import { Link } from 'wouter';
import type { FlowLine, FlowNode } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { toneClass } from '../kit/figure.tsx';
import { entryAddress } from '../kit/links.ts';
import styles from './explain.module.css';
import { nestedFlow, placeFlow } from './flow-layout.ts';
import { toneOf } from './tone.ts';

const PAPER = { width: 1120, tallest: 330, nodeWidth: 10, gap: 46, margin: 190 };

/** Bands from what the buyer paid to who has it, each as wide as its amount. The list beside it says the same. */
export function FlowPicture({ line, title }: { readonly line: FlowLine; readonly title: string }) {
  const id = useId();
  const { rp, words } = useLanguage();
  const { nodes, edges, height } = placeFlow(line.nodes, line.edges, PAPER);
  const target = new Map(line.nodes.map((node) => [node.id, node]));
  return (
    <svg className={styles.picture} viewBox={`0 -6 ${PAPER.width} ${height + 12}`} aria-labelledby={id} role="group">
      <title id={id}>{title}</title>
      {edges.map(({ edge, path }) => {
        const node = target.get(edge.to);
        return (
          <path
            key={`${edge.from} ${edge.to}`}
            d={path}
            className={`${styles.band} ${node ? toneClass(toneOf(node)) : ''}`}
          />
        );
      })}
      {nodes.map(({ node, x, y, height: own }) => (
        <Node key={node.id} node={node}>
          <g className={`${styles.node} ${toneClass(toneOf(node))}`}>
            <rect
              className={styles.target}
              x={x - 2}
              y={y - 2}
              width={PAPER.margin}
              height={Math.max(own, PAPER.gap) + 2}
            />
            <rect className={styles.bar} x={x} y={y} width={PAPER.nodeWidth} height={own} rx="2" />
            <text x={x + PAPER.nodeWidth + 8} y={y + 15} className={styles.label}>
              {words(node.label)}
            </text>
            <text x={x + PAPER.nodeWidth + 8} y={y + 35} className={styles.amount}>
              {rp(node.amount)}
            </text>
          </g>
        </Node>
      ))}
    </svg>
  );
}

/** What is an entry of the books leads to its explanation. */
function Node({ node, children }: { readonly node: FlowNode; readonly children: React.ReactNode }) {
  if (node.account === null || node.version === null) return <g>{children}</g>;
  return <Link href={entryAddress(node.account, node.version)}>{children}</Link>;
}

/** The flow as it is read aloud, and as a phone shows it. */
export function FlowList({ line }: { readonly line: FlowLine }) {
  const { rp, words } = useLanguage();
  return (
    <ol className={styles.list}>
      {nestedFlow(line.nodes, line.edges).map(({ node, depth }) => (
        <li key={node.id} data-depth={Math.min(depth, 4)} className={toneClass(toneOf(node))}>
          <span className={styles.listHead}>
            <span>
              {node.account !== null && node.version !== null ? (
                <Link href={entryAddress(node.account, node.version)}>{words(node.label)}</Link>
              ) : (
                words(node.label)
              )}
            </span>
            <strong className="figures">{rp(node.amount)}</strong>
          </span>
          <Rule node={node} />
        </li>
      ))}
    </ol>
  );
}

/** Why, as the ledger says it: the rule, and what was rounded. */
function Rule({ node }: { readonly node: FlowNode }) {
  const { words } = useLanguage();
  return <span className={styles.rule}>{words(node.sentence)}</span>;
}

export function FlowTable({ line, title }: { readonly line: FlowLine; readonly title: string }) {
  const { rp, words } = useLanguage();
  return (
    <table className={styles.twin}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Bagian</Trans>
          </th>
          <th scope="col" className={styles.right}>
            <Trans>Jumlah</Trans>
          </th>
          <th scope="col">
            <Trans>Mengapa</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {nestedFlow(line.nodes, line.edges).map(({ node, depth }) => (
          <tr key={node.id}>
            <td className={toneClass(toneOf(node))} data-depth={Math.min(depth, 4)}>
              <span className={styles.mark} aria-hidden="true" />
              {node.account !== null && node.version !== null ? (
                <Link href={entryAddress(node.account, node.version)}>{words(node.label)}</Link>
              ) : (
                words(node.label)
              )}
            </td>
            <td className={`${styles.right} figures`}>{rp(node.amount)}</td>
            <td>
              <Rule node={node} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
