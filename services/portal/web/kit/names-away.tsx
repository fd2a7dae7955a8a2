import { Trans } from '@lingui/react/macro';
import type { Part } from '../api/screen.ts';
import type { Names } from '../api/sections.ts';
import styles from './kit.module.css';

/** Why makers stand there by pseudonym, where somebody is used to names. */
export function NamesAway({ names }: { readonly names: Part<Names> | undefined }) {
  if (names?.state !== 'unavailable') return null;
  return (
    <p className={styles.note} role="status">
      <Trans>Katalog tidak menjawab: nama tidak tampil; angka lengkap.</Trans>
    </p>
  );
}
