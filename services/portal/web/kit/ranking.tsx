import type { ReactNode } from 'react';
import { type Tone, toneClass } from './figure.tsx';
import styles from './kit.module.css';

interface RankingOf<Row> {
  /** Title and unit. */
  readonly caption: ReactNode;
  readonly heading: string;
  readonly amountHeading: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly label: (row: Row) => ReactNode;
  readonly amount: (row: Row) => number;
  readonly written: (row: Row) => ReactNode;
  readonly tone?: Tone;
}

/** Bars in the cells of a table: the chart and its figures are one thing. */
export function Ranking<Row>({
  caption,
  heading,
  amountHeading,
  rows,
  rowKey,
  label,
  amount,
  written,
  tone,
}: RankingOf<Row>) {
  const largest = Math.max(1, ...rows.map((row) => Math.abs(amount(row))));
  return (
    <table className={`${styles.table} ${styles.cards} ${toneClass(tone)}`} role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            {heading}
          </th>
          <th scope="col" role="columnheader" className={styles.right}>
            {amountHeading}
          </th>
          <td aria-hidden="true" />
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            <td role="cell" data-label={heading}>
              {label(row)}
            </td>
            <td role="cell" data-label={amountHeading} className={`${styles.right} figures`}>
              {written(row)}
            </td>
            <td className={styles.barCell} aria-hidden="true">
              <span className={styles.bar} style={{ width: `${(Math.abs(amount(row)) / largest) * 100}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
