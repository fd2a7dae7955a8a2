import { useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { Report } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { day } from '../kit/day.ts';
import { addressOf } from '../kit/filters.ts';
import styles from '../kit/kit.module.css';
import { PageTable } from '../kit/page-table.tsx';

/** A report as the ledger wrote it: its columns, rows and totals. Accounts and facilities lead to their entries. */
export function ReportTable({
  report: { title, columns, rows, totals },
  maker = (id) => id,
}: {
  readonly report: Report;
  readonly maker?: (id: string) => string;
}) {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const written = (type: string, value: string | number | null | undefined) => {
    if (value === null || value === undefined) return '';
    if (type === 'rupiah') return rp(Number(value));
    if (type === 'count') return n(Number(value));
    if (type === 'date') return day(String(value), language);
    return String(value);
  };
  const cell = (key: string, type: string, row: Report['rows'][number]) => {
    const text = written(type, row[key]);
    if (key === 'account') return <Link href={addressOf('/ledger', ['account'], { account: text })}>{text}</Link>;
    if (key === 'makerId') return maker(text);
    if (key === 'facilityId') return <Link href={addressOf('/ledger', ['facility'], { facility: text })}>{text}</Link>;
    return text;
  };
  const isRight = (type: string) => type === 'rupiah' || type === 'count';
  return (
    <div className={styles.scroll}>
      <PageTable<{ readonly row: Report['rows'][number]; readonly index: number }>
        caption={title}
        rows={rows.map((row, index) => ({ row, index }))}
        rowKey={({ index }) => String(index)}
        columns={columns.map(({ key, heading, type }) => ({
          key,
          heading,
          ...(isRight(type) && { align: 'right' as const }),
          cell: ({ row }) => cell(key, type, row),
        }))}
        foot={
          totals && (
            <tr role="row">
              {columns.map(({ key, heading, type }, index) => (
                <td
                  key={key}
                  role="cell"
                  data-label={heading}
                  className={isRight(type) ? `${styles.right} figures` : undefined}
                >
                  {index === 0 ? t`Bersama` : written(type, totals[key])}
                </td>
              ))}
            </tr>
          )
        }
      />
    </div>
  );
}
