import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useSearch } from 'wouter';
import { exportAddress } from '../api/api.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { ListingsSections } from '../api/sections.ts';
import { Steps } from '../decisions/steps.tsx';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { addressOf, readCursor } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { listingsAddress } from '../kit/links.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Section } from '../kit/section.tsx';
import { ComparisonTable, storeOf } from './comparison.tsx';
import { ProposedIn } from './proposed-in.tsx';
import { setInForce } from './versions.ts';

/** One set of what a channel calls goods of ours: what it changes, and all that it holds. */
export default function ListingsScreen({
  channelId,
  version,
}: {
  readonly channelId: string;
  readonly version: string;
}) {
  const { t } = useLingui();
  const { n } = useLanguage();
  const { word } = useGlossary();
  const cursor = readCursor(useSearch());
  const screen = useScreen<ListingsSections>('listings', { channel: channelId, version, cursor });
  const sections = screen.data?.sections;
  const sets = sections?.sets?.data;
  const set = sets?.find((each) => String(each.version) === version);
  const isInForce = set !== undefined && setInForce(sets ?? []) === set;
  const size = n(set?.size ?? 0);
  const state = set ? word('decision', set.status) : '';
  const address = listingsAddress(channelId, Number(version));
  if (isNothing(sections?.comparison)) return <NothingHereScreen />;
  return (
    <div className={kit.screen}>
      <Heading title={t`Daftar barang ${channelId}`} about={set && <ProposedIn channelId={channelId} set={set} />}>
        {!set ? (
          <Trans>
            Daftar barang {channelId} versi {version}
          </Trans>
        ) : isInForce ? (
          <Trans>
            Daftar barang {channelId} versi {version} berlaku: {size} barang.
          </Trans>
        ) : (
          <Trans>
            Daftar barang {channelId} versi {version}, {size} barang: {state}.
          </Trans>
        )}
      </Heading>
      <Section screen={screen} name="comparison" title={<Trans>Yang berubah olehnya</Trans>}>
        {(comparison) => (
          <>
            <ComparisonTable comparison={comparison} />
            {set?.status === 'draft' && (
              <Steps
                service="orders"
                actions={set.actions ?? []}
                path={`channels/${channelId}/listings/${version}`}
                consequence={
                  <Trans>
                    Daftar ini berlaku seluruhnya, menggantikan yang sekarang, bagi barang yang belum dicadangkan.
                    Pesanan yang menunggu dilihat lagi. Tidak dapat disunting lagi.
                  </Trans>
                }
              />
            )}
          </>
        )}
      </Section>
      <Section screen={screen} name="rows" title={<Trans>Isinya</Trans>}>
        {({ items, nextCursor }) => (
          <>
            <PageTable
              caption={<Trans>Apa yang disebut kanal, dan barang kita yang mana</Trans>}
              rows={items}
              rowKey={({ store, channelSku }) => JSON.stringify([store, channelSku])}
              columns={[
                { key: 'store', heading: t`Toko`, cell: (listing) => storeOf(listing, t`semua`) },
                {
                  key: 'channelSku',
                  heading: t`Kode di kanal`,
                  cell: ({ channelSku }) => <span className={kit.code}>{channelSku}</span>,
                },
                { key: 'sku', heading: t`Kode kita`, cell: ({ sku }) => <span className={kit.code}>{sku}</span> },
                { key: 'class', heading: t`Golongan barang`, cell: ({ feeClass }) => feeClass ?? '' },
              ]}
            />
            <Pages previous={cursor && address} next={nextCursor ? addressOf(address, [], {}, nextCursor) : undefined}>
              <Button
                component="a"
                variant="default"
                href={exportAddress('orders', `channels/${channelId}/listings/${version}`, { format: 'csv' })}
                download
              >
                CSV
              </Button>
            </Pages>
          </>
        )}
      </Section>
    </div>
  );
}
