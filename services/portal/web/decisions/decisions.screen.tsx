import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import type { DecisionItem } from '../api/answers.ts';
import { listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { DecisionsSections } from '../api/sections.ts';
import { has, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { moment } from '../kit/day.ts';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { State, type Topic, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import { Fresh, useHeld } from '../kit/held.tsx';
import styles from '../kit/kit.module.css';
import { facilityChoices, useFacilityNames } from '../kit/names.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { Steps } from './steps.tsx';

const NAMES = ['state', 'kind', 'facility', 'mine'] as const;

/** Where what is decided about is read, and what its steps are posted to. */
const ROUTES: Readonly<Record<string, (item: DecisionItem) => { readonly path: string; readonly page?: string }>> = {
  payout: ({ id }) => ({ path: `payouts/${id}`, page: `/payouts/${id}` }),
  deposit: ({ id }) => ({ path: `deposits/${id}`, page: '/deposits' }),
  adjustment: ({ id }) => ({ path: `adjustments/${id}`, page: `/adjustments/${id}` }),
  'maker-event': ({ id }) => ({ path: `maker-events/${id}`, page: `/maker-events/${id}` }),
  agreement: ({ id, version }) => ({
    path: `agreements/${encodeURIComponent(id)}/${version}`,
    page: '/agreements',
  }),
  period: ({ id }) => ({ path: `periods/decisions/${id}` }),
  'refused-event': ({ id }) => ({ path: `refused-events/${id}/discard`, page: '/exceptions?kind=refused' }),
};

/** Where the words for what it is in particular stand, if they are not of what is posted. */
const TYPES: Readonly<Record<string, Topic>> = {
  adjustment: 'adjustment',
  agreement: 'level',
  period: 'closing',
  'refused-event': 'refusal',
};

/** Whatever more than one person decides, in one place. */
export default function DecisionsScreen() {
  const { t } = useLingui();
  const who = useWho();
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const cursor = readCursor(search);
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/decisions', NAMES, withFilter(filters, name, value)));
  const shownBy = { state: 'open', ...filters };
  const screen = useScreen<DecisionsSections>('decisions', { ...shownBy, cursor });
  const found = screen.data?.sections.decisions?.data;
  const decides = has(who, 'drafter', 'approver');
  const isOpen = (filters.state ?? 'open') === 'open';
  return (
    <div className={styles.screen}>
      <Heading title={t`Keputusan`}>
        {!found || !isOpen ? (
          <Trans>Keputusan</Trans>
        ) : decides ? (
          <Trans>
            <Plural
              value={found.mine}
              _0="Tidak ada keputusan yang menunggu Anda."
              other="# keputusan menunggu Anda."
            />
          </Trans>
        ) : (
          <Trans>
            <Plural value={found.open} _0="Tidak ada usulan yang terbuka." other="# usulan belum diputuskan." />
          </Trans>
        )}
      </Heading>
      {has(who, 'drafter') && (
        <p className={styles.actions} style={{ margin: 0 }}>
          <Button component={Link} href="/adjustments/new">
            <Trans>Usulkan penyesuaian</Trans>
          </Button>
        </p>
      )}
      <SentenceFilter label={t`Keputusan mana`}>
        <Trans>
          Usulan{' '}
          <Phrase
            label={t`Keadaan`}
            value={filters.state ?? 'open'}
            choices={[
              { value: 'open', label: t`yang menunggu` },
              { value: 'approved', label: t`yang disetujui` },
              { value: 'rejected', label: t`yang ditolak` },
              { value: 'withdrawn', label: t`yang ditarik` },
            ]}
            onChange={(value) => set('state', value)}
          />{' '}
          tentang{' '}
          <Phrase
            label={t`Jenis`}
            unset={t`apa pun`}
            value={filters.kind}
            choices={choices('subject')}
            onChange={(value) => set('kind', value)}
          />{' '}
          dari{' '}
          <Phrase
            label={t`Satuan kerja`}
            unset={t`semua satuan kerja`}
            value={filters.facility}
            choices={facilityChoices(who.facilities)}
            onChange={(value) => set('facility', value)}
          />
          , bagi{' '}
          <Phrase
            label={t`Bagi siapa`}
            unset={t`siapa pun`}
            value={filters.mine}
            choices={[{ value: 'true', label: t`saya` }]}
            onChange={(value) => set('mine', value)}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="decisions">
        {({ items, nextCursor, prevCursor }) => (
          <>
            <Inbox of={search} items={items} file={listAddress('decisions', shownBy)} />
            <Pages
              previous={prevCursor ? addressOf('/decisions', NAMES, filters, prevCursor) : undefined}
              next={nextCursor ? addressOf('/decisions', NAMES, filters, nextCursor) : undefined}
            />
          </>
        )}
      </Section>
    </div>
  );
}

function Inbox({
  of,
  items,
  file,
}: {
  readonly of: string;
  readonly items: readonly DecisionItem[];
  readonly file: string;
}) {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { word } = useGlossary();
  const facility = useFacilityNames();
  const { rows, fresh, show } = useHeld(of, items, ({ kind, id, version }) => `${kind} ${id} ${version}`);
  if (items.length === 0)
    return (
      <Empty>
        <Trans>Usulan orang lain muncul di sini begitu dibuat; Anda tidak perlu memuat ulang.</Trans>
      </Empty>
    );
  return (
    <>
      <Fresh fresh={fresh} show={show} />
      <PageTable
        file={file}
        caption={<Trans>Usulan, siapa yang mengusulkan, dan apa yang dapat Anda lakukan</Trans>}
        rows={rows}
        rowKey={({ kind, id, version }) => `${kind} ${id} ${version}`}
        columns={[
          {
            key: 'kind',
            heading: t`Jenis`,
            cell: (item) => {
              const name = word('subject', item.kind);
              const page = ROUTES[item.kind]?.(item).page;
              return page ? <Link href={page}>{name}</Link> : name;
            },
          },
          {
            key: 'about',
            heading: t`Tentang`,
            cell: ({ kind, about, type, facilityId }) =>
              [type && word(TYPES[kind] ?? 'kind', type), about, facilityId && facility(facilityId)]
                .filter(Boolean)
                .join(' · '),
          },
          {
            key: 'amount',
            heading: t`Jumlah`,
            align: 'right',
            cell: ({ amount }) => (amount === null ? '' : rp(amount)),
          },
          { key: 'status', heading: t`Keadaan`, cell: ({ status }) => <State topic="decision" of={status} /> },
          { key: 'by', heading: t`Pengusul`, cell: ({ drafted }) => `${drafted.by}, ${moment(drafted.at, language)}` },
          {
            key: 'steps',
            heading: t`Langkah`,
            cell: (item) => {
              const path = ROUTES[item.kind]?.(item).path;
              if (!path || item.kind === 'deposit') return null;
              return (
                <Steps
                  actions={item.actions}
                  path={path}
                  amount={item.amount === null ? undefined : rp(item.amount)}
                  consequence={<WhatApprovalDoes kind={item.kind} />}
                />
              );
            },
          },
        ]}
      />
    </>
  );
}

export function WhatApprovalDoes({ kind }: { readonly kind: string }) {
  if (kind === 'payout')
    return <Trans>Pembayaran dikirim ke bank dan uangnya dicadangkan. Tidak dapat dibatalkan.</Trans>;
  if (kind === 'period')
    return (
      <Trans>
        Bulan itu tidak menerima jurnal lagi; yang datang kemudian masuk bulan berikutnya, bertanda terlambat.
      </Trans>
    );
  if (kind === 'agreement')
    return <Trans>Berlaku bagi pesanan sejak tanggal mulainya, dan tidak dapat disunting lagi.</Trans>;
  if (kind === 'maker-event')
    return (
      <Trans>Dicatat dalam buku atas nama pembuat itu. Tidak dapat dihapus, hanya diluruskan dengan usulan lain.</Trans>
    );
  if (kind === 'refused-event')
    return (
      <Trans>
        Tidak ada yang dibukukan untuk pesan itu, dan ia tidak lagi menjadi selisih. Pesannya tetap tersimpan; ini tidak
        dapat dibatalkan.
      </Trans>
    );
  return <Trans>Jurnalnya dibukukan sekarang. Tidak dapat dihapus, hanya diluruskan dengan usulan lain.</Trans>;
}
