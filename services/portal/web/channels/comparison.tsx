import { Trans, useLingui } from '@lingui/react/macro';
import type { Listing, ListingComparison, Store } from '../api/answers.ts';
import { useScreen } from '../api/screen.ts';
import type { StoresSections } from '../api/sections.ts';
import { useLanguage } from '../frame/language.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import kit from '../kit/kit.module.css';
import { useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Section } from '../kit/section.tsx';
import { Status } from '../kit/status.tsx';
import { type Change, storeChanges } from './versions.ts';

/** What a set of listings would change, one by one. */
export function ComparisonTable({ comparison }: { readonly comparison: ListingComparison }) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const { against, added, changed, removed, same, items } = comparison;
  const counts = { added: n(added), changed: n(changed), removed: n(removed), same: n(same) };
  const all = added + changed + removed;
  return (
    <>
      <p className={kit.note}>
        {against === null ? (
          <Trans>Daftar pertama: {counts.added} barang.</Trans>
        ) : (
          <Trans>
            Dibanding versi {against}: {counts.added} baru, {counts.changed} berubah, {counts.removed} tidak lagi,{' '}
            {counts.same} tetap.
          </Trans>
        )}
      </p>
      {items.length > 0 && (
        <PageTable
          caption={
            all > items.length ? (
              <Trans>Yang berubah, yang pertama {n(items.length)}</Trans>
            ) : (
              <Trans>Yang berubah</Trans>
            )
          }
          rows={items}
          rowKey={({ before, after }) => JSON.stringify([(after ?? before)?.store, (after ?? before)?.channelSku])}
          columns={[
            {
              key: 'change',
              heading: t`Perubahan`,
              cell: ({ change }) => <ChangeInWords change={change} />,
            },
            { key: 'store', heading: t`Toko`, cell: ({ before, after }) => storeOf(after ?? before, t`semua`) },
            {
              key: 'channelSku',
              heading: t`Kode di kanal`,
              cell: ({ before, after }) => <span className={kit.code}>{(after ?? before)?.channelSku}</span>,
            },
            { key: 'before', heading: t`Semula`, cell: ({ before }) => goodsOf(before) },
            { key: 'after', heading: t`Menjadi`, cell: ({ after }) => goodsOf(after) },
          ]}
        />
      )}
    </>
  );
}

/** What a set of stores would change of the one in force, one by one. */
export function StoreComparison({
  channelId,
  against,
  stores,
}: {
  readonly channelId: string;
  /** The version in force. */
  readonly against: number;
  readonly stores: readonly Store[];
}) {
  const { t } = useLingui();
  const facility = useFacilityNames();
  const screen = useScreen<StoresSections>('stores', { channel: channelId, version: String(against) });
  const named = (facilityId: string | undefined) => (facilityId === undefined ? '' : facility(facilityId));
  return (
    <Section screen={screen} name="set" bare>
      {({ stores: before }) => {
        const changes = storeChanges(before, stores);
        if (changes.length === 0)
          return (
            <p className={kit.note}>
              <Trans>Sama dengan versi {against}, yang berlaku.</Trans>
            </p>
          );
        return (
          <PageTable
            caption={<Trans>Yang berubah dibanding versi {against}, yang berlaku</Trans>}
            rows={changes}
            rowKey={({ store }) => store}
            columns={[
              { key: 'change', heading: t`Perubahan`, cell: ({ change }) => <ChangeInWords change={change} /> },
              {
                key: 'store',
                heading: t`Toko`,
                cell: (each) => <span className={kit.code}>{storeOf(each, t`semua`)}</span>,
              },
              { key: 'before', heading: t`Semula`, cell: ({ before }) => named(before) },
              { key: 'after', heading: t`Menjadi`, cell: ({ after }) => named(after) },
            ]}
          />
        );
      }}
    </Section>
  );
}

function ChangeInWords({ change }: { readonly change: Change }) {
  const { word } = useGlossary();
  return (
    <Status mood={change === 'added' ? 'good' : change === 'removed' ? 'bad' : 'wait'}>
      {word('listingChange', change)}
    </Status>
  );
}

/** Any store of a channel. */
export const ANY_STORE = '*';

export function storeOf(of: Pick<Listing, 'store'> | null, any: string): string {
  return !of || of.store === ANY_STORE ? any : of.store;
}

function goodsOf(listing: Listing | null): string {
  return [listing?.sku, listing?.feeClass].filter(Boolean).join(' · ');
}
