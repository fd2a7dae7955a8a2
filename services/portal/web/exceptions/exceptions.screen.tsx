import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Exception, SettlementException } from '../api/answers.ts';
import { listAddress, type Service } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { ExceptionsSections } from '../api/sections.ts';
import { has, isNational, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { day, moment } from '../kit/day.ts';
import { Field } from '../kit/field.tsx';
import { Figure, Figures } from '../kit/figure.tsx';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { comparisonAddress, orderAddress, orderOfSale } from '../kit/links.ts';
import { facilityChoices, useFacilityNames } from '../kit/names.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { Proposed, Resolutions } from './resolutions.tsx';

const NAMES = ['kind', 'facility', 'owner', 'days'] as const;
const AGES = ['7', '30', '90'];

/** What does not come right by itself: since when, how much is at stake, and who looks after it. */
export default function ExceptionsScreen() {
  const { t } = useLingui();
  const { language, n, rp } = useLanguage();
  const { person, facilities } = useWho();
  const { word, choices } = useGlossary();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const address = (name: (typeof NAMES)[number], value: string | undefined) =>
    addressOf('/exceptions', NAMES, withFilter(filters, name, value));
  const set = (name: (typeof NAMES)[number], value: string | undefined) => navigate(address(name, value));
  const screen = useScreen<ExceptionsSections>('exceptions', { ...filters, cursor: readCursor(search) });
  const found = screen.data?.sections.exceptions?.data;
  const [only] = found?.kinds.length === 1 ? found.kinds : [];
  const kindOfOnly = only && word('exception', only.kind);
  const amountOfOnly = only && rp(only.amount);
  const [oldest] = (found?.kinds ?? []).toSorted((one, other) => one.since.localeCompare(other.since));
  const since = oldest && day(oldest.since, language);
  const kindOfOldest = oldest && word('exception', oldest.kind);
  return (
    <div className={styles.screen}>
      <Heading title={t`Selisih`}>
        {!found ? (
          <Trans>Selisih</Trans>
        ) : !since ? (
          <Trans>Tidak ada selisih.</Trans>
        ) : only ? (
          <Trans>
            {n(only.count)} selisih ({kindOfOnly}), {amountOfOnly}, tertua sejak {since}.
          </Trans>
        ) : (
          <Trans>
            <Plural value={found.kinds.length} other="# jenis selisih" />, yang tertua ({kindOfOldest}) sejak {since}.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Selisih mana`}>
        <Trans>
          Selisih{' '}
          <Phrase
            label={t`Jenis`}
            unset={t`apa pun`}
            value={filters.kind}
            choices={choices('exception')}
            onChange={(value) => set('kind', value)}
          />{' '}
          di{' '}
          <Phrase
            label={t`Satuan kerja`}
            unset={t`semua satuan kerja`}
            value={filters.facility}
            choices={facilityChoices(facilities)}
            onChange={(value) => set('facility', value)}
          />
          , sejak{' '}
          <Phrase
            label={t`Umur`}
            unset={t`kapan pun`}
            value={filters.days}
            choices={AGES.map((value) => ({ value, label: t`${value} hari atau lebih` }))}
            onChange={(value) => set('days', value)}
          />
          , diurus{' '}
          <Phrase
            label={t`Diurus oleh`}
            unset={t`siapa pun`}
            value={filters.owner}
            choices={[{ value: person, label: t`saya` }]}
            onChange={(value) => set('owner', value)}
          />
        </Trans>
      </SentenceFilter>
      {found && found.kinds.length > 1 && (
        <Figures>
          {found.kinds.map((kind) => (
            <Figure
              key={kind.kind}
              label={word('exception', kind.kind)}
              value={rp(kind.amount)}
              note={t`${n(kind.count)} selisih, sejak ${day(kind.since, language)}`}
              to={address('kind', kind.kind)}
            />
          ))}
        </Figures>
      )}
      <Section screen={screen} name="exceptions">
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <Empty>
              <Trans>Pesanan, pembayaran, dan buku cocok; tidak ada yang menunggu.</Trans>
            </Empty>
          ) : (
            <>
              <ExceptionTable items={items} file={listAddress('exceptions', filters)} />
              <Pages next={nextCursor ? addressOf('/exceptions', NAMES, filters, nextCursor) : undefined} />
            </>
          )
        }
      </Section>
      <Section screen={screen} name="settlements" title={<Trans>Laporan kanal yang belum dapat dibukukan</Trans>}>
        {({ items }) => <Reported items={items} />}
      </Section>
    </div>
  );
}

function ExceptionTable({ items, file }: { readonly items: readonly Exception[]; readonly file: string }) {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { word } = useGlossary();
  const who = useWho();
  const facility = useFacilityNames();
  const mayNote = has(who, 'drafter', 'approver', 'operator');
  /** `sale-unknown: blanja/1@F1`: why, and what of. */
  const refusal = (detail: string) => detail.replace(/^[\w-]+/, (reason) => word('refusal', reason));
  return (
    <PageTable
      file={file}
      caption={<Trans>Yang tidak beres dengan sendirinya, yang tertua di atas</Trans>}
      rows={items}
      rowKey={({ kind, reference }) => `${kind} ${reference}`}
      columns={[
        {
          key: 'kind',
          heading: t`Jenis`,
          cell: ({ kind, detail }) => (
            <>
              {word('exception', kind)}
              {detail && (
                <span className={styles.why}> {kind === 'refused' ? refusal(detail) : word('detail', detail)}</span>
              )}
            </>
          ),
        },
        { key: 'reference', heading: t`Acuan`, cell: (item) => <Reference {...item} /> },
        { key: 'facility', heading: t`Satuan kerja`, cell: ({ facilityId }) => facilityId && facility(facilityId) },
        {
          key: 'amount',
          heading: t`Jumlah`,
          align: 'right',
          cell: ({ amount }) => (amount === null ? '' : rp(amount)),
        },
        { key: 'since', heading: t`Sejak`, cell: ({ since }) => day(since, language) },
        {
          key: 'note',
          heading: t`Diurus oleh`,
          cell: (item) => (
            <>
              {item.owner}
              {item.note && (
                <p className={styles.why}>
                  {item.note.note} ({item.note.by}, {moment(item.note.at, language)})
                </p>
              )}
              {item.proposal && <Proposed {...item.proposal} />}
              {mayNote && (
                <span className={styles.buttons}>
                  <Note {...item} />
                  <Resolutions {...item} />
                </span>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

const OF_SALES = [
  ...['unsettled', 'partly-paid', 'amount-differs', 'refund-missing'],
  ...['awaiting-goods', 'awaiting-agreement'], // an order whose goods are awaited has no sale yet: it is named itself
];

function Reported({ items }: { readonly items: readonly SettlementException[] }) {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { word } = useGlossary();
  const who = useWho();
  const mayNote = has(who, 'drafter', 'approver', 'operator');
  if (items.length === 0)
    return (
      <Empty>
        <Trans>Semua yang dilaporkan kanal sudah dibukukan.</Trans>
      </Empty>
    );
  return (
    <PageTable
      file={listAddress('reported', {})}
      caption={<Trans>Baris laporan pencairan, yang tertua di atas</Trans>}
      rows={items}
      rowKey={({ kind, reference }) => `${kind} ${reference}`}
      columns={[
        { key: 'kind', heading: t`Jenis`, cell: ({ kind }) => word('settlementRow', kind) },
        { key: 'channel', heading: t`Kanal`, cell: ({ channel }) => channel },
        { key: 'detail', heading: t`Acuan`, cell: ({ detail }) => <span className={styles.code}>{detail}</span> },
        { key: 'amount', heading: t`Jumlah`, align: 'right', cell: ({ amount }) => rp(amount) },
        { key: 'since', heading: t`Sejak`, cell: ({ since }) => day(since, language) },
        {
          key: 'note',
          heading: t`Diurus oleh`,
          cell: ({ kind, reference, owner, note, notedBy, actions }) => (
            <>
              {owner}
              {note && <p className={styles.why}>{note}</p>}
              {mayNote && <Note service="payments" kind={kind} reference={reference} owner={owner} />}
              {actions.includes('accept') && notedBy !== who.person && has(who, 'approver') && (
                <AcceptReported kind={kind} reference={reference} note={note} />
              )}
            </>
          ),
        },
      ]}
    />
  );
}

/** To what each house has of it, for who sees them all; else to the order, where it is of one. */
function Reference({ kind, reference }: Exception) {
  const who = useWho();
  if (kind === 'break' && isNational(who)) return <Link href={comparisonAddress(reference)}>{reference}</Link>;
  const order = OF_SALES.includes(kind) ? orderOfSale(reference) : /^order\/(.+\/.+)$/.exec(reference)?.[1];
  return order ? <Link href={orderAddress(order)}>{reference}</Link> : reference;
}

function Note({
  service = 'ledger',
  kind,
  reference,
  owner,
}: Pick<Exception, 'kind' | 'reference' | 'owner'> & { readonly service?: Service }) {
  const { t } = useLingui();
  const { person } = useWho();
  const [by, setBy] = useState(owner ?? person);
  const [note, setNote] = useState('');
  return (
    <Consequence
      verb={t`Catat`}
      title={t`Catat siapa yang mengurus`}
      quiet
      form={
        <>
          <Field label={t`Diurus oleh`} required value={by} onChange={setBy} />
          <Field label={t`Catatan`} required value={note} onChange={setNote} />
        </>
      }
      deed={() => ({
        service,
        path: `exceptions/${kind}/${encodeURIComponent(reference)}/notes`,
        body: { owner: by, note },
      })}
    >
      <Trans>Catatan dilihat semua yang melihat selisih ini dan tidak dapat dihapus. Uangnya tidak berpindah.</Trans>
    </Consequence>
  );
}

/** What was noted to be done about a reported row is accepted by another person than who noted it. */
function AcceptReported({ kind, reference, note }: Pick<SettlementException, 'kind' | 'reference' | 'note'>) {
  const { t } = useLingui();
  return (
    <Consequence
      verb={t`Terima`}
      title={t`Terima yang dicatat?`}
      deed={() => ({ service: 'payments', path: `exceptions/${kind}/${encodeURIComponent(reference)}/approval` })}
    >
      <Trans>
        Baris ini tidak ditampilkan lagi, karena sudah diurus: {note}. Tidak ada uang yang berpindah, dan ini tidak
        dapat dibatalkan.
      </Trans>
    </Consequence>
  );
}
