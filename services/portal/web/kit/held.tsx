import { Plural, Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import styles from './kit.module.css';

/**
 * Rows that do not move under the reader's finger: what is shown stays, with its newest figures; what came since is offered.
 * @param of which list: another one begins anew
 */
export function useHeld<Row>(of: string, rows: readonly Row[], keyOf: (row: Row) => string) {
  const [held, setHeld] = useState({ of, keys: rows.map(keyOf) });
  const now = rows.map(keyOf);
  if (held.of !== of) setHeld({ of, keys: now });
  const keys = held.of === of ? held.keys : now;
  const known = new Set(keys);
  const fresh = now.filter((key) => !known.has(key)).length;
  const isEmptyNow = keys.length === 0;
  return {
    rows: isEmptyNow ? rows : rows.filter((row) => known.has(keyOf(row))),
    fresh: isEmptyNow ? 0 : fresh,
    show: () => setHeld({ of, keys: now }),
  };
}

export function Fresh({ fresh, show }: { readonly fresh: number; readonly show: () => void }) {
  return (
    <div className={styles.fresh} aria-live="polite">
      {fresh > 0 && (
        <Button variant="light" onClick={show}>
          <Trans>
            <Plural value={fresh} other="# baru" />, tampilkan
          </Trans>
        </Button>
      )}
    </div>
  );
}
