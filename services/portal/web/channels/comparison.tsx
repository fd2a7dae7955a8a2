import { Trans, useLingui } from '@lingui/react/macro';
import type { Listing, ListingComparison } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import kit from '../kit/kit.module.css';
import { PageTable } from '../kit/page-table.tsx';
import { Status } from '../kit/status.tsx';

/** What a set of listings would change, one by one. */
export function ComparisonTable({ comparison }: { readonly comparison: ListingComparison }) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const { word } = useGlossary();
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
              cell: ({ change }) => (
                <Status mood={change === 'added' ? 'good' : change === 'removed' ? 'bad' : 'wait'}>
                  {word('listingChange', change)}
                </Status>
              ),
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

/** Any store of a channel. */
export const ANY_STORE = '*';

export function storeOf(of: Pick<Listing, 'store'> | null, any: string): string {
  return !of || of.store === ANY_STORE ? any : of.store;
}

function goodsOf(listing: Listing | null): string {
  return [listing?.sku, listing?.feeClass].filter(Boolean).join(' · ');
}
