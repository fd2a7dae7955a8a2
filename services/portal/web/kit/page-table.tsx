import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import styles from './kit.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly heading: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'right';
}

interface TableOf<Row extends object> {
  /** What the rows are, as the sentence of the filters says it. */
  readonly caption: ReactNode;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly foot?: ReactNode;
  /** Where all of them, on whatever page, are a file: `listAddress`. */
  readonly file?: string;
}

/** A table; on a phone each row is a card. The roles keep it a table there, too. */
export function PageTable<Row extends object>({ caption, columns, rows, rowKey, foot, file }: TableOf<Row>) {
  return (
    <>
      <table className={`${styles.table} ${styles.cards}`} role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ key, heading, align }) => (
              <th key={key} scope="col" role="columnheader" className={align === 'right' ? styles.right : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map(({ key, heading, cell, align }) => (
                <td
                  key={key}
                  role="cell"
                  data-label={heading}
                  className={align === 'right' ? `${styles.right} figures` : undefined}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot role="rowgroup">{foot}</tfoot>}
      </table>
      {file && rows.length > 0 && (
        <p style={{ margin: '0.6rem 0 0', textAlign: 'right' }}>
          <Button component="a" variant="default" href={file} download>
            <Trans>Unduh semua (CSV)</Trans>
          </Button>
        </p>
      )}
    </>
  );
}

/** Earlier and later pages; where one is, stands in the address. */
export function Pages({
  previous,
  next,
  children,
}: {
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
  readonly children?: ReactNode;
}) {
  const [, navigate] = useLocation();
  const { t } = useLingui();
  if (!previous && !next && !children) return null;
  return (
    <nav className={styles.pages} aria-label={t`Halaman daftar`}>
      <span className={styles.actions}>
        <Button variant="default" disabled={!previous} onClick={() => previous && navigate(previous)}>
          <Trans>Sebelumnya</Trans>
        </Button>
        <Button variant="default" disabled={!next} onClick={() => next && navigate(next)}>
          <Trans>Berikutnya</Trans>
        </Button>
      </span>
      <span className={styles.actions}>{children}</span>
    </nav>
  );
}
