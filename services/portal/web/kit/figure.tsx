import type { ReactNode } from 'react';
import { Link } from 'wouter';
import styles from './kit.module.css';

export type Tone = 'makers' | 'facility' | 'state' | 'costs' | 'others';

export function toneClass(tone: Tone | undefined): string {
  return tone ? (styles[`tone-${tone}`] ?? '') : '';
}

export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.figureRow}>{children}</dl>;
}

/** One figure with its name; it leads to its reason. */
export function Figure({
  label,
  value,
  note,
  to,
  tone,
}: {
  readonly label: ReactNode;
  readonly value: string;
  readonly note?: ReactNode;
  readonly to?: string;
  readonly tone?: Tone;
}) {
  return (
    <div className={`${styles.figure} ${toneClass(tone)}`}>
      <dt className={styles.figureLabel}>{label}</dt>
      <dd style={{ margin: 0 }}>
        <span className={`${styles.figureValue} figures`}>{to ? <Link href={to}>{value}</Link> : value}</span>
        {note && <div className={styles.figureNote}>{note}</div>}
      </dd>
    </div>
  );
}
