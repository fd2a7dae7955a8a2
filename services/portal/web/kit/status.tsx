import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';
import styles from './kit.module.css';

const LOOKS = { good: 'check', wait: 'clock', bad: 'warning', plain: 'dot' } as const satisfies Record<
  string,
  IconName
>;

export type Mood = keyof typeof LOOKS;

/** A word with a picture: colour alone says nothing. */
export function Status({ mood, children }: { readonly mood: Mood; readonly children: ReactNode }) {
  return (
    <span className={`${styles.status} ${styles[`status-${mood}`]}`}>
      <Icon name={LOOKS[mood]} />
      {children}
    </span>
  );
}
