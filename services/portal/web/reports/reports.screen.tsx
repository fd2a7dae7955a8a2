import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import { exportAddress } from '../api/api.ts';
import { type Screen, useScreen } from '../api/screen.ts';
import type { ReportSections, ReportsSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { addressOf, readFilters, withFilter } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { MonthPhrase } from '../kit/month-phrase.tsx';
import { facilityChoices } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { ReportTable } from './report-table.tsx';

const NAMES = ['report', 'facility', 'from', 'to'] as const;

/** Whether the books balance, and every report of them. */
export default function ReportsScreen() {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { facilities } = useWho();
  const [, navigate] = useLocation();
  const filters = readFilters(useSearch(), NAMES);
  const name = filters.report;
  const overview = useScreen<ReportsSections>('reports', { to: filters.to });
  const set = (key: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/reports', NAMES, withFilter(filters, key, value)));
  const balance = overview.data?.sections.trialBalance?.data;
  const debit = rp(balance?.debit ?? 0);
  const credit = rp(balance?.credit ?? 0);
  const difference = rp(balance?.total ?? 0);
  const all = overview.data?.sections.reports?.data?.items ?? [];
  return (
    <div className={styles.screen}>
      <Heading title={t`Laporan`}>
        {!balance ? (
          <Trans>Laporan</Trans>
        ) : balance.total === 0 ? (
          <Trans>
            Neraca saldo seimbang: {debit} = {credit}.
          </Trans>
        ) : (
          <Trans>
            Neraca saldo TIDAK seimbang: debit {debit}, kredit {credit}, selisih {difference}. Laporkan segera.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Laporan mana`}>
        <Trans>
          Laporan{' '}
          <Phrase
            label={t`Laporan`}
            unset={t`neraca saldo ringkas`}
            value={name}
            choices={all.map((report) => ({ value: report.name, label: report.title[language] }))}
            onChange={(value) => set('report', value)}
          />{' '}
          untuk{' '}
          <Phrase
            label={t`Satuan kerja`}
            unset={t`semua satuan kerja`}
            value={filters.facility}
            choices={facilityChoices(facilities)}
            onChange={(value) => set('facility', value)}
          />{' '}
          pada{' '}
          <MonthPhrase
            from={filters.from}
            to={filters.to}
            onChange={(from, to) =>
              navigate(addressOf('/reports', NAMES, withFilter(withFilter(filters, 'from', from), 'to', to)))
            }
          />
        </Trans>
      </SentenceFilter>
      {name ? (
        <Named name={name} facility={filters.facility} from={filters.from} to={filters.to} />
      ) : (
        <Short screen={overview} />
      )}
    </div>
  );
}

interface NamedOf {
  readonly name: string;
  readonly facility: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function Named({ name, facility, from, to }: NamedOf) {
  const { language } = useLanguage();
  const screen = useScreen<ReportSections>('report', { name, facility, from, to, language });
  const file = (format: string) =>
    exportAddress('ledger', `reports/${name}`, { facilityId: facility, from, to, format, language });
  return (
    <Section screen={screen} name="report">
      {(report) => (
        <>
          {report.rows.length === 0 ? (
            <Empty>
              <Trans>Tidak ada yang perlu dilaporkan untuk pilihan ini.</Trans>
            </Empty>
          ) : (
            <ReportTable report={report} />
          )}
          <div className={styles.buttons}>
            {['csv', 'xlsx', 'pdf'].map((format) => (
              <Button key={format} component="a" variant="default" href={file(format)} download>
                {format.toUpperCase()}
              </Button>
            ))}
          </div>
        </>
      )}
    </Section>
  );
}

/** The books in as many lines as there are kinds of accounts. */
function Short({ screen }: { readonly screen: Screen<ReportsSections> }) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  const { word } = useGlossary();
  return (
    <Section screen={screen} name="trialBalance" title={<Trans>Neraca saldo menurut golongan akun</Trans>}>
      {({ rows, debit, credit }) =>
        rows.length === 0 ? (
          <Empty>
            <Trans>Buku masih kosong: belum ada penjualan yang dibukukan.</Trans>
          </Empty>
        ) : (
          <PageTable
            caption={<Trans>Saldo semua akun, menurut pemilik dan kegunaan</Trans>}
            rows={rows}
            rowKey={({ ownerKind, purpose }) => `${ownerKind} ${purpose}`}
            columns={[
              {
                key: 'owner',
                heading: t`Milik`,
                cell: ({ ownerKind }) => (
                  <Link href={addressOf('/ledger', ['owner'], { owner: ownerKind })}>{word('owner', ownerKind)}</Link>
                ),
              },
              { key: 'purpose', heading: t`Kegunaan`, cell: ({ purpose }) => word('purpose', purpose) },
              { key: 'accounts', heading: t`Akun`, align: 'right', cell: ({ accounts }) => accounts },
              { key: 'debit', heading: t`Debit`, align: 'right', cell: ({ debit: of }) => (of ? rp(of) : '') },
              { key: 'credit', heading: t`Kredit`, align: 'right', cell: ({ credit: of }) => (of ? rp(of) : '') },
            ]}
            foot={
              <tr role="row">
                <td role="cell" colSpan={3} data-label="">
                  {t`Bersama`}
                </td>
                <td role="cell" data-label={t`Debit`} className={`${styles.right} figures`}>
                  {rp(debit)}
                </td>
                <td role="cell" data-label={t`Kredit`} className={`${styles.right} figures`}>
                  {rp(credit)}
                </td>
              </tr>
            }
          />
        )
      }
    </Section>
  );
}
