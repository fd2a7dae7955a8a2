import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useScreen } from '../api/screen.ts';
import type { ReportSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { Empty, Section } from '../kit/section.tsx';
import { ReportTable } from '../reports/report-table.tsx';

/** What does not fit between orders, payments and books, and since when: as the ledger's report says it. */
export default function ExceptionsScreen() {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const breaks = useScreen<ReportSections>('report', { name: 'reconciliation', language });
  const receivables = useScreen<ReportSections>('report', { name: 'receivables', language });
  const suspense = useScreen<ReportSections>('report', { name: 'suspense', language });
  const found = breaks.data?.sections.report?.data;
  const amount = rp(found?.totals?.amount ?? 0);
  return (
    <div className={styles.screen}>
      <Heading title={t`Selisih`}>
        {!found ? (
          <Trans>Selisih</Trans>
        ) : found.rows.length === 0 ? (
          <Trans>Tidak ada selisih: pesanan, pembayaran, dan buku cocok.</Trans>
        ) : (
          <Trans>
            <Plural value={found.rows.length} other="# selisih" />, {amount}.
          </Trans>
        )}
      </Heading>
      <Section screen={breaks} name="report" title={<Trans>Pesanan, pembayaran, dan buku</Trans>}>
        {(report) =>
          report.rows.length === 0 ? (
            <Empty>
              <Trans>Ketiganya mengatakan hal yang sama.</Trans>
            </Empty>
          ) : (
            <ReportTable report={report} />
          )
        }
      </Section>
      <Section screen={suspense} name="report" title={<Trans>Dana titipan</Trans>}>
        {(report) =>
          report.rows.length === 0 ? (
            <Empty>
              <Trans>Semua lot yang terjual tercatat pembuatnya.</Trans>
            </Empty>
          ) : (
            <ReportTable report={report} />
          )
        }
      </Section>
      <Section screen={receivables} name="report" title={<Trans>Piutang</Trans>}>
        {(report) =>
          report.rows.length === 0 ? (
            <Empty>
              <Trans>Tidak ada yang harus dikembalikan.</Trans>
            </Empty>
          ) : (
            <ReportTable report={report} />
          )
        }
      </Section>
    </div>
  );
}
