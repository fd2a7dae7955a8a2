import { Trans } from '@lingui/react/macro';
import type { Ref } from 'react';
import { Refused } from '../api/problem.ts';
import styles from './kit.module.css';

/** What a service refused, in its own words, each field by name. */
export function ProblemSummary({ error, ref }: { readonly error: Error; readonly ref?: Ref<HTMLDivElement> }) {
  const problem = error instanceof Refused ? error.problem : undefined;
  return (
    <div className={styles.problem} role="alert" tabIndex={-1} ref={ref}>
      <strong>
        {problem && problem.status < 500 ? (
          <Trans>Tidak dilakukan.</Trans>
        ) : (
          <Trans>Belum ada jawaban. Tekan sekali lagi: yang sama tidak dilakukan dua kali.</Trans>
        )}
      </strong>{' '}
      {problem?.detail ?? problem?.title}
      {problem?.errors && (
        <ul>
          {problem.errors.map(({ field, message }) => (
            <li key={`${field}${message}`}>
              <strong>{counted(field)}</strong>: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** `stores.0.facilityId` as `stores 1 facilityId`: forms number their rows from one. */
function counted(field: string): string {
  return field.replace(/\.(\d+)(?:\.|$)/g, (_, index) => ` ${Number(index) + 1} `).trimEnd();
}
