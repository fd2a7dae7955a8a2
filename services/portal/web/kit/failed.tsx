import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { type Problem, Refused } from '../api/problem.ts';
import styles from './kit.module.css';

/** What failed, what is safe, and how to try again. */
export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => unknown }) {
  const problem: Problem | undefined = error instanceof Refused ? error.problem : undefined;
  const correlationId = problem?.correlationId;
  return (
    <div className={styles.failed} role="alert">
      <p>
        <Trans>Bagian ini belum dapat ditampilkan. Tidak ada yang hilang atau berubah; bagian lain tetap benar.</Trans>
      </p>
      {problem?.detail && <p>{problem.detail}</p>}
      {correlationId && (
        <p>
          <Trans>
            Sebutkan saat melapor: <code>{correlationId}</code>
          </Trans>
        </p>
      )}
      {retry && (
        <Button variant="default" size="compact-md" onClick={() => void retry()}>
          <Trans>Coba lagi</Trans>
        </Button>
      )}
    </div>
  );
}
