import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { PersonalRead, Verification } from '../api/answers.ts';
import { listAddress } from '../api/api.ts';
import { type Screen, useScreen } from '../api/screen.ts';
import type { AuditSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { day, moment } from '../kit/day.ts';
import { addressOf, readFilters } from '../kit/filters.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { SentenceFilter, WrittenPhrase } from '../kit/sentence-filter.tsx';

/** While a verification runs it is asked how far it is. */
const EVERY_MS = 1_000;

/** What services take for one: a maker's name in full does not get into an address. */
const MAKER_ID = String.raw`\s*[A-Za-z0-9][A-Za-z0-9._\-]{0,59}\s*`;

/** Whether the books are whole, who decided, and who read about whom. */
export default function AuditScreen() {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const { word } = useGlossary();
  const facility = useFacilityNames();
  const [isRunning, setRunning] = useState(false);
  const { maker } = readFilters(useSearch(), ['maker']);
  const screen = useScreen<AuditSections>('audit', { maker }, isRunning ? EVERY_MS : undefined);
  const sections = screen.data?.sections;
  const last = sections?.verifications?.data?.items[0];
  if (isRunning !== (last?.status === 'running')) setRunning(last?.status === 'running');
  const at = last ? moment(last.endedAt ?? last.startedAt, language) : '';
  const faults = n(last?.report.faults.length ?? 0);
  return (
    <div className={styles.screen}>
      <Heading title={t`Audit`}>
        {!sections?.verifications?.data ? (
          <Trans>Audit</Trans>
        ) : !last ? (
          <Trans>Buku belum pernah diverifikasi.</Trans>
        ) : last.status === 'sound' ? (
          <Trans>Buku utuh: diverifikasi {at}.</Trans>
        ) : last.status === 'unsound' ? (
          <Trans>
            Buku TIDAK utuh: {faults} kesalahan, diverifikasi {at}.
          </Trans>
        ) : last.status === 'running' ? (
          <Trans>Buku sedang diverifikasi sejak {at}.</Trans>
        ) : (
          <Trans>Verifikasi terakhir, {at}, tidak selesai.</Trans>
        )}
      </Heading>
      <Section screen={screen} name="verifications" title={<Trans>Verifikasi</Trans>}>
        {({ items }) => (
          <>
            {items.length > 0 && <Verifications items={items} />}
            <div className={styles.buttons}>
              <Consequence
                verb={t`Verifikasi buku`}
                title={t`Verifikasi seluruh buku?`}
                deed={() => ({ service: 'ledger', path: 'verifications' })}
              >
                <Trans>
                  Setiap jurnal dihitung ulang dan dibandingkan dengan segel. Tidak ada yang berubah; boleh ditinggal.
                </Trans>
              </Consequence>
            </div>
          </>
        )}
      </Section>
      <Section screen={screen} name="decisions" title={<Trans>Siapa memutuskan apa</Trans>}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              <Trans>Belum ada keputusan.</Trans>
            </Empty>
          ) : (
            <PageTable
              file={listAddress('decisions', { state: 'approved' })}
              caption={<Trans>Keputusan terakhir</Trans>}
              rows={items}
              rowKey={({ kind, id, version }) => `${kind} ${id} ${version}`}
              columns={[
                { key: 'kind', heading: t`Jenis`, cell: ({ kind }) => word('subject', kind) },
                {
                  key: 'where',
                  heading: t`Satuan kerja`,
                  cell: ({ facilityId }) => (facilityId ? facility(facilityId) : t`seluruh Indonesia`),
                },
                { key: 'status', heading: t`Keadaan`, cell: ({ status }) => <State topic="decision" of={status} /> },
                {
                  key: 'drafted',
                  heading: t`Pengusul`,
                  cell: ({ drafted }) => `${drafted.by}, ${moment(drafted.at, language)}`,
                },
                {
                  key: 'decided',
                  heading: t`Pemutus`,
                  cell: ({ decided }) => (decided ? `${decided.by}, ${moment(decided.at, language)}` : ''),
                },
                {
                  key: 'amount',
                  heading: t`Jumlah`,
                  align: 'right',
                  cell: ({ amount }) => (amount === null ? '' : rp(amount)),
                },
              ]}
            />
          )
        }
      </Section>
      <Section screen={screen} name="seals" title={<Trans>Segel harian</Trans>}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              <Trans>Hari pertama disegel setelah berakhir.</Trans>
            </Empty>
          ) : (
            <PageTable
              file={listAddress('seals', {})}
              caption={<Trans>Segel tiap hari, ditandatangani</Trans>}
              rows={items}
              rowKey={({ date }) => date}
              columns={[
                { key: 'day', heading: t`Hari`, cell: ({ date }) => day(date, language) },
                { key: 'journals', heading: t`Jurnal`, align: 'right', cell: ({ journals }) => n(journals) },
                { key: 'root', heading: t`Akar`, cell: ({ root }) => <span className={styles.code}>{root}</span> },
              ]}
            />
          )
        }
      </Section>
      <Section screen={screen} name="keys" title={<Trans>Kunci segel</Trans>}>
        {({ items }) => (
          <PageTable
            caption={<Trans>Kunci umum, yang membuktikan segel di luar program ini</Trans>}
            rows={items}
            rowKey={({ number }) => String(number)}
            columns={[
              { key: 'from', heading: t`Sejak`, cell: ({ from }) => day(from, language) },
              {
                key: 'key',
                heading: t`Kunci umum (Ed25519)`,
                cell: ({ publicKey }) => <span className={styles.code}>{publicKey}</span>,
              },
            ]}
          />
        )}
      </Section>
      <Section screen={screen} name="approvers" title={<Trans>Siapa boleh menyetujui</Trans>}>
        {({ items }) => (
          <PageTable
            caption={<Trans>Penyetuju, dan sejak kapan ia boleh</Trans>}
            rows={items}
            rowKey={({ person }) => person}
            columns={[
              { key: 'person', heading: t`Penyetuju`, cell: ({ person }) => person },
              { key: 'from', heading: t`Sejak`, cell: ({ mayApproveFrom }) => moment(mayApproveFrom, language) },
            ]}
          />
        )}
      </Section>
      <Readings screen={screen} path="/audit" maker={maker} />
    </div>
  );
}

function Verifications({ items }: { readonly items: readonly Verification[] }) {
  const { t } = useLingui();
  const { language, n } = useLanguage();
  const faults = items[0]?.report.faults ?? [];
  return (
    <>
      <PageTable
        file={listAddress('verifications', {})}
        caption={<Trans>Verifikasi, terbaru dahulu</Trans>}
        rows={items}
        rowKey={({ verificationId }) => verificationId}
        columns={[
          { key: 'at', heading: t`Dimulai`, cell: ({ startedAt }) => moment(startedAt, language) },
          { key: 'status', heading: t`Hasil`, cell: ({ status }) => <State topic="verification" of={status} /> },
          { key: 'journals', heading: t`Jurnal`, align: 'right', cell: ({ report }) => n(report.checked.journals) },
          { key: 'entries', heading: t`Ayat`, align: 'right', cell: ({ report }) => n(report.checked.entries) },
          { key: 'seals', heading: t`Segel`, align: 'right', cell: ({ report }) => n(report.checked.seals) },
          { key: 'faults', heading: t`Kesalahan`, align: 'right', cell: ({ report }) => n(report.faults.length) },
        ]}
      />
      {faults.length > 0 && (
        <ul>
          {faults.map(({ table, row, says }) => (
            <li key={`${table} ${row} ${says}`}>
              {table} {row}: {says}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Who was named to whom, and whose money was shown to whom, and what for: written down before it is answered. */
export function Readings({
  screen,
  path,
  maker,
}: {
  readonly screen: Screen<AuditSections>;
  /** Of the screen that shows them. */
  readonly path: string;
  /** Only what was read about this one. */
  readonly maker: string | undefined;
}) {
  const { t } = useLingui();
  const [, navigate] = useLocation();
  return (
    <>
      <SentenceFilter label={t`Pembacaan mana`}>
        <Trans>
          Siapa membaca tentang{' '}
          <WrittenPhrase
            label={t`ID pembuat`}
            unset={t`siapa pun`}
            pattern={MAKER_ID}
            value={maker}
            onChange={(value) => navigate(addressOf(path, ['maker'], { maker: value ?? '' }))}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="readings" title={<Trans>Siapa membaca data pribadi siapa</Trans>}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              {maker ? (
                <Trans>Nama {maker} belum dibaca siapa pun.</Trans>
              ) : (
                <Trans>Belum ada yang membaca nama.</Trans>
              )}
            </Empty>
          ) : (
            <ReadingTable list="readings" maker={maker} items={items} caption={<Trans>Pembacaan terakhir</Trans>} />
          )
        }
      </Section>
      <Section screen={screen} name="ledgerReadings" title={<Trans>Siapa membaca uang pembuat siapa</Trans>}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              {maker ? (
                <Trans>Rekening {maker} belum dibaca siapa pun.</Trans>
              ) : (
                <Trans>Belum ada yang membaca rekening seorang pembuat.</Trans>
              )}
            </Empty>
          ) : (
            <ReadingTable
              list="readings-of-money"
              maker={maker}
              items={items}
              caption={<Trans>Pembacaan buku terakhir</Trans>}
            />
          )
        }
      </Section>
    </>
  );
}

function ReadingTable({
  list,
  maker,
  items,
  caption,
}: {
  readonly list: string;
  readonly maker: string | undefined;
  readonly items: readonly PersonalRead[];
  readonly caption: ReactNode;
}) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const { word } = useGlossary();
  return (
    <PageTable
      file={listAddress(list, { maker })}
      caption={caption}
      rows={items}
      rowKey={({ number }) => String(number)}
      columns={[
        { key: 'at', heading: t`Waktu`, cell: ({ at: when }) => moment(when, language) },
        { key: 'by', heading: t`Oleh`, cell: ({ person, client }) => person ?? client ?? '' },
        {
          key: 'purpose',
          heading: t`Untuk`,
          cell: ({ purpose }) => (purpose ? word('purposeOfReading', purpose) : ''),
        },
        { key: 'about', heading: t`Tentang`, cell: ({ makerIds }) => makerIds?.join(', ') ?? '' },
      ]}
    />
  );
}
