import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import { exportAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { LedgerSections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { day, monthName } from '../kit/day.ts';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { entryAddress } from '../kit/links.ts';
import { MonthPhrase, monthOf } from '../kit/month-phrase.tsx';
import { facilityChoices, useFacilityNames } from '../kit/names.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter, WrittenPhrase } from '../kit/sentence-filter.tsx';
import { Status } from '../kit/status.tsx';

const NAMES = ['facility', 'region', 'owner', 'account', 'kind', 'agreement', 'sale', 'from', 'to'] as const;
const COUNTED = 5_000;

/** The entries of the books, as one asks for them. */
export default function LedgerScreen() {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const { facilities } = useWho();
  const { word, choices } = useGlossary();
  const facility = useFacilityNames();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const cursor = readCursor(search);
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/ledger', NAMES, withFilter(filters, name, value)));
  const asked = {
    facilityId: filters.facility,
    region: filters.region,
    ownerKind: filters.owner,
    account: filters.account,
    kind: filters.kind,
    agreement: filters.agreement,
    saleId: filters.sale,
    from: filters.from,
    to: filters.to,
  };
  const screen = useScreen<LedgerSections>('ledger', { ...filters, cursor, sort: 'desc' });
  const entries = screen.data?.sections.entries?.data;
  const debit = rp(entries?.debit ?? 0);
  const credit = rp(entries?.credit ?? 0);
  const page = (to: string | null | undefined) => (to ? addressOf('/ledger', NAMES, filters, to) : undefined);
  const file = (format: string) => exportAddress('ledger', 'entries', { ...asked, order: 'desc', format, language });
  const month = monthOf(filters);
  /** More is asked for than the heading names: then it names nothing. */
  const isMore =
    filters.region || filters.account || filters.agreement || filters.sale || (!month && (filters.from || filters.to));
  const said = [
    filters.facility && facility(filters.facility),
    filters.owner && word('owner', filters.owner),
    filters.kind && word('kind', filters.kind),
    month && monthName(month, language),
  ];
  const about = isMore || screen.isPlaceholderData ? '' : said.filter(Boolean).join(', ');
  /** What an address may ask for besides; it is seen, and can be taken away. */
  const others = [
    ['region', t`Kanwil`, t`seluruh Indonesia`],
    ['agreement', t`Perjanjian`, t`semua perjanjian`],
    ['sale', t`Penjualan`, t`semua penjualan`],
  ] as const;

  return (
    <div className={styles.screen}>
      <Heading title={t`Buku besar`}>
        {!entries ? (
          <Trans>Buku besar</Trans>
        ) : entries.count === 0 ? (
          <Trans>Tidak ada ayat jurnal yang demikian.</Trans>
        ) : entries.count > COUNTED ? (
          <Trans>Lebih dari 5.000 ayat jurnal.</Trans>
        ) : about ? (
          <Trans>
            <Plural value={entries.count} other="# ayat jurnal" /> ({about}): debit {debit}, kredit {credit}.
          </Trans>
        ) : (
          <Trans>
            <Plural value={entries.count} other="# ayat jurnal" />: debit {debit}, kredit {credit}.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Ayat jurnal mana`}>
        <Trans>
          Ayat jurnal{' '}
          <Phrase
            label={t`Satuan kerja`}
            unset={t`semua satuan kerja`}
            value={filters.facility}
            choices={facilityChoices(facilities)}
            onChange={(value) => set('facility', value)}
          />{' '}
          untuk{' '}
          <Phrase
            label={t`Milik`}
            unset={t`siapa pun`}
            value={filters.owner}
            choices={choices('owner')}
            onChange={(value) => set('owner', value)}
          />
          , hanya{' '}
          <Phrase
            label={t`Jenis`}
            unset={t`semua jenis`}
            value={filters.kind}
            choices={choices('kind')}
            onChange={(value) => set('kind', value)}
          />
          , pada{' '}
          <MonthPhrase
            from={filters.from}
            to={filters.to}
            onChange={(from, to) =>
              navigate(addressOf('/ledger', NAMES, withFilter(withFilter(filters, 'from', from), 'to', to)))
            }
          />
          , akun{' '}
          <WrittenPhrase
            label={t`Akun`}
            unset={t`semua akun`}
            value={filters.account}
            onChange={(value) => set('account', value)}
          />
        </Trans>
        {others.map(
          ([name, label, unset]) =>
            filters[name] && (
              <Phrase
                key={name}
                label={label}
                unset={unset}
                value={filters[name]}
                choices={[]}
                onChange={(value) => set(name, value)}
              />
            ),
        )}
      </SentenceFilter>
      <Section screen={screen} name="entries">
        {(found) => (
          <>
            {found.items.length === 0 ? (
              <Empty>
                <Trans>Ubah atau hapus salah satu saringan di atas.</Trans>
              </Empty>
            ) : (
              <PageTable
                caption={
                  found.count > COUNTED ? (
                    <Trans>lebih dari {n(COUNTED)} ayat, hari dibukukan di Jakarta</Trans>
                  ) : (
                    <Trans>{n(found.count)} ayat, hari dibukukan di Jakarta</Trans>
                  )
                }
                rows={found.items}
                rowKey={({ account, version }) => `${account} ${version}`}
                columns={[
                  {
                    key: 'day',
                    heading: t`Tanggal`,
                    cell: ({ account, version, postedOn, late }) => (
                      <>
                        <Link href={entryAddress(account, version)}>{day(postedOn, language)}</Link>{' '}
                        {late && <Status mood="wait">{t`terlambat`}</Status>}
                      </>
                    ),
                  },
                  { key: 'kind', heading: t`Jenis`, cell: ({ kind }) => word('kind', kind) },
                  {
                    key: 'account',
                    heading: t`Akun`,
                    cell: ({ account }) => <span className={styles.code}>{account}</span>,
                  },
                  ...(filters.facility
                    ? []
                    : [
                        {
                          key: 'facility',
                          heading: t`Satuan kerja`,
                          cell: ({ facilityId }: { readonly facilityId: string }) => facility(facilityId),
                        },
                      ]),
                  {
                    key: 'reference',
                    heading: t`Acuan`,
                    cell: ({ sourceReference }) => <span className={styles.code}>{sourceReference}</span>,
                  },
                  {
                    key: 'debit',
                    heading: t`Debit`,
                    align: 'right',
                    cell: ({ amount }) => (amount > 0 ? rp(amount) : ''),
                  },
                  {
                    key: 'credit',
                    heading: t`Kredit`,
                    align: 'right',
                    cell: ({ amount }) => (amount < 0 ? rp(-amount) : ''),
                  },
                  {
                    key: 'balance',
                    heading: t`Saldo akun`,
                    align: 'right',
                    cell: ({ balance }) =>
                      balance === null
                        ? ''
                        : `${rp(Math.abs(balance))} ${balance === 0 ? '' : balance < 0 ? t`K` : t`D`}`,
                  },
                ]}
              />
            )}
            <Pages previous={page(found.prevCursor)} next={page(found.nextCursor)}>
              <Button component="a" variant="default" href={file('csv')} download>
                CSV
              </Button>
              <Button component="a" variant="default" href={file('xlsx')} download>
                XLSX
              </Button>
            </Pages>
          </>
        )}
      </Section>
    </div>
  );
}
