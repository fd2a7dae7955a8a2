import { Trans } from '@lingui/react/macro';
import { useElementSize } from '@mantine/hooks';
import { useId } from 'react';
import { useLanguage } from '../frame/language.tsx';
import { monthName, shortMonth } from './day.ts';
import styles from './kit.module.css';
import { axisMoney, type Language } from './money.ts';

export interface Point {
  readonly key: string;
  /** On the axis. */
  readonly short: string;
  /** In the table. */
  readonly label: string;
  readonly amount: number;
}

/** Until it is measured, and where it cannot be. */
const WIDTH = 640;
const COLUMN_MIN = 34;
const HEIGHT = 200;
const LEFT = 58;
const TOP = 12;
const BOTTOM = 26;

/** Columns over time, with their figures as a table below. Title and unit are the caller's caption. */
export function Trend({
  points,
  caption,
  heading,
  amountHeading,
}: {
  readonly points: readonly Point[];
  readonly caption: string;
  readonly heading: string;
  readonly amountHeading: string;
}) {
  const id = useId();
  const { language, rp } = useLanguage();
  const { ref, width: measured } = useElementSize();
  const width = measured || WIDTH; // a pixel is a pixel, so that words stay as large as elsewhere
  const { top, bottom, lines } = scaleOf(points.map(({ amount }) => amount));
  const height = HEIGHT - TOP - BOTTOM;
  const y = (amount: number) => TOP + ((top - amount) / (top - bottom)) * height;
  const step = (width - LEFT) / Math.max(1, points.length);
  const every = Math.ceil(COLUMN_MIN / step);
  return (
    <figure ref={ref} style={{ margin: 0 }}>
      <svg className={styles.trend} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-labelledby={id}>
        <title id={id}>{caption}</title>
        {lines.map((line) => (
          <g key={line}>
            <line
              x1={LEFT}
              x2={width}
              y1={y(line)}
              y2={y(line)}
              stroke={line === 0 ? 'var(--line-strong)' : 'var(--line)'}
            />
            <text x={LEFT - 8} y={y(line) + 4} textAnchor="end">
              {axisMoney(line, language)}
            </text>
          </g>
        ))}
        {points.map(({ key, short, amount }, index) => (
          <g key={key}>
            <rect
              x={LEFT + index * step + step * 0.18}
              width={step * 0.64}
              y={Math.min(y(amount), y(0))}
              height={Math.max(amount === 0 ? 0 : 2, Math.abs(y(amount) - y(0)))}
              rx="2"
              fill="var(--facility)"
            />
            {index % every === 0 && (
              <text x={LEFT + index * step + step / 2} y={HEIGHT - 8} textAnchor="middle">
                {short}
              </text>
            )}
          </g>
        ))}
      </svg>
      <details className={styles.twin}>
        <summary>
          <Trans>Angka sebagai tabel</Trans>
        </summary>
        <table className={styles.table}>
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{heading}</th>
              <th scope="col" className={styles.right}>
                {amountHeading}
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ key, label, amount }) => (
              <tr key={key}>
                <td>{label}</td>
                <td className={`${styles.right} figures`}>{rp(amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** What was sold in each of these months; in one that the ledger has no sale of, nothing. */
export function monthlyPoints(
  items: readonly { readonly key: string; readonly sold: number }[],
  months: readonly string[],
  language: Language,
): readonly Point[] {
  const sold = new Map(items.map((item) => [item.key, item.sold]));
  return months.map((key) => ({
    key,
    short: shortMonth(key, language),
    label: monthName(key, language),
    amount: sold.get(key) ?? 0,
  }));
}

/** Three or four round lines around what is drawn; nought is one of them. */
function scaleOf(amounts: readonly number[]) {
  const highest = Math.max(0, ...amounts);
  const lowest = Math.min(0, ...amounts);
  const rough = Math.max(1, (highest - lowest) / 3);
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * size >= rough) ?? 10) * size;
  const top = Math.max(step, Math.ceil(highest / step) * step);
  const bottom = Math.floor(lowest / step) * step;
  const lines: number[] = [];
  for (let line = bottom; line <= top; line += step) lines.push(line);
  return { top, bottom, lines };
}
