import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import type { ComponentProps } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Sales } from '../api/answers.ts';
import { listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { SalesSections } from '../api/sections.ts';
import { has, isNational, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { day } from '../kit/day.ts';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import { Fresh, useHeld } from '../kit/held.tsx';
import styles from '../kit/kit.module.css';
import { MonthPhrase } from '../kit/month-phrase.tsx';
import { facilityChoices, useTitles } from '../kit/names.ts';
import { Pages } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter, WrittenPhrase } from '../kit/sentence-filter.tsx';
import { SalesTable } from './sales-table.tsx';

const NAMES = ['facility', 'region', 'channel', 'status', 'sku', 'q', 'from', 'to'] as const;
/** What services count to. */
const COUNTED = 5_000;

/** What sold. */
export default function SalesScreen() {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const who = useWho();
  const { facilities } = who;
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const cursor = readCursor(search);
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/sales', NAMES, withFilter(filters, name, value)));
  const facilityId = filters.facility;
  const screen = useScreen<SalesSections>('sales', { ...filters, cursor });
  const title = useTitles(screen.data?.sections.titles);
  const sales = screen.data?.sections.sales?.data;
  const howMany = sales && (sales.count > COUNTED ? t`lebih dari ${n(COUNTED)}` : n(sales.count));
  const price = rp(sales?.sums?.price ?? 0);
  const channels = screen.data?.sections.channels?.data ?? [];
  const page = (to: string | null | undefined) => (to ? addressOf('/sales', NAMES, filters, to) : undefined);

  return (
    <div className={styles.screen}>
      <Heading title={t`Penjualan`}>
        {!sales ? (
          <Trans>Penjualan</Trans>
        ) : sales.count === 0 ? (
          <Trans>Tidak ada penjualan yang demikian.</Trans>
        ) : sales.count > COUNTED ? (
          <Trans>Lebih dari 5.000 penjualan terjual.</Trans>
        ) : (
          <Trans>
            <Plural value={sales.count} other="# penjualan" /> seharga {price}.
          </Trans>
        )}
      </Heading>
      {isNational(who) && has(who, 'drafter') && (
        <p className={styles.actions} style={{ margin: 0 }}>
          <Button component={Link} href="/settlements" variant="default">
            <Trans>Laporan pencairan</Trans>
          </Button>
        </p>
      )}
      <SentenceFilter label={t`Penjualan mana`}>
        <Trans>
          Penjualan{' '}
          <Phrase
            label={t`Satuan kerja`}
            unset={t`semua satuan kerja`}
            value={facilityId}
            choices={facilityChoices(facilities)}
            onChange={(value) => set('facility', value)}
          />{' '}
          di{' '}
          <Phrase
            label={t`Kanal`}
            unset={t`kanal apa pun`}
            value={filters.channel}
            choices={channels.map(({ channelId }) => ({ value: channelId, label: channelId }))}
            onChange={(value) => set('channel', value)}
          />{' '}
          yang{' '}
          <Phrase
            label={t`Keadaan`}
            unset={t`dalam keadaan apa pun`}
            value={filters.status}
            choices={choices('sale')}
            onChange={(value) => set('status', value)}
          />
          , pada{' '}
          <MonthPhrase
            from={filters.from}
            to={filters.to}
            onChange={(from, to) =>
              navigate(addressOf('/sales', NAMES, withFilter(withFilter(filters, 'from', from), 'to', to)))
            }
          />
          , mencari{' '}
          <WrittenPhrase
            label={t`Cari pesanan`}
            unset={t`acuan pesanan`}
            value={filters.q}
            onChange={(value) => set('q', value)}
          />
        </Trans>
        {filters.region && (
          <Phrase
            label={t`Kanwil`}
            unset={t`seluruh Indonesia`}
            value={filters.region}
            choices={[]}
            onChange={(value) => set('region', value)}
          />
        )}
        {filters.sku && (
          <Phrase
            label={t`Produk`}
            unset={t`semua produk`}
            value={filters.sku}
            choices={[{ value: filters.sku, label: title(filters.sku) }]}
            onChange={(value) => set('sku', value)}
          />
        )}
      </SentenceFilter>
      <Section screen={screen} name="sales">
        {(found) => (
          <>
            <HeldSales
              of={search}
              found={found}
              title={title}
              withFacility={!facilityId}
              file={listAddress('sales', filters)}
              caption={
                filters.from && filters.to ? (
                  <Trans>
                    {howMany} penjualan, {day(filters.from, language)} sampai {day(filters.to, language)}, terbaru
                    dahulu
                  </Trans>
                ) : (
                  <Trans>{howMany} penjualan, terbaru dahulu</Trans>
                )
              }
            />
            <Pages previous={page(found.prevCursor)} next={page(found.nextCursor)} />
          </>
        )}
      </Section>
    </div>
  );
}

function HeldSales({
  of,
  found,
  ...table
}: { readonly of: string; readonly found: Sales } & Omit<ComponentProps<typeof SalesTable>, 'sales'>) {
  const { rows, fresh, show } = useHeld(of, found.items, ({ saleId }) => saleId);
  if (found.items.length === 0)
    return (
      <Empty>
        <Trans>Ubah saringan di atas, atau tunggu: penjualan muncul di sini begitu kanal mengirimkannya.</Trans>
      </Empty>
    );
  return (
    <>
      <Fresh fresh={fresh} show={show} />
      <SalesTable sales={rows} {...table} />
    </>
  );
}
