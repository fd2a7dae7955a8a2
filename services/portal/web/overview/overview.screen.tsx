import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import { exportAddress, listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { OverviewSections } from '../api/sections.ts';
import { isNational, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { monthsBetween, thisMonth } from '../kit/day.ts';
import { Figure, Figures } from '../kit/figure.tsx';
import { addressOf, readFilters, withFilter } from '../kit/filters.ts';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityAddress } from '../kit/links.ts';
import { useFacilityNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Ranking } from '../kit/ranking.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { monthlyPoints, Trend } from '../kit/trend.tsx';

const NAMES = ['year', 'region'] as const;
const YEARS = 16;
/** Of all facilities, in the ranking; the others are behind it. */
const TOP = 10;

/** All facilities that one sees, in a year: who earned, who is paid, what is still open. */
export default function OverviewScreen() {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const who = useWho();
  const [, navigate] = useLocation();
  const filters = readFilters(useSearch(), NAMES);
  const year = filters.year ?? thisMonth().slice(0, 4);
  const region = filters.region ?? who.grants.find(({ kind }) => kind === 'region')?.id ?? undefined;
  const screen = useScreen<OverviewSections>('overview', { year, region });
  const sections = screen.data?.sections;
  const facility = useFacilityNames();
  const totals = sections?.totals?.data;
  const pnbp = sections?.positions?.data?.totals.pnbp;
  const sold = rp(totals?.totals.sold ?? 0);
  const owed = rp(pnbp?.owed ?? 0);
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/overview', NAMES, withFilter(filters, name, value)));
  const regions = [...new Set(who.facilities.map((each) => each.region))].sort();
  const years = Array.from({ length: YEARS }, (_, index) => String(Number(thisMonth().slice(0, 4)) - index));
  const within = { ...(region && { region }), from: `${year}-01-01`, to: `${year}-12-31` };
  const ranked = totals ? totals.items.toSorted((one, other) => other.sold - one.sold) : [];
  const others = ranked.slice(TOP);
  return (
    <div className={styles.screen}>
      <Heading title={t`Ringkasan ${year}`}>
        {!totals ? (
          <Trans>Ringkasan {year}</Trans>
        ) : totals.items.length === 0 ? (
          <Trans>Belum ada penjualan pada {year}.</Trans>
        ) : !pnbp ? (
          <Trans>
            <Plural value={totals.items.length} other="# satuan kerja" /> menjual {sold} pada {year}.
          </Trans>
        ) : (
          <Trans>
            <Plural value={totals.items.length} other="# satuan kerja" /> menjual {sold} pada {year}; PNBP {owed} belum
            disetor.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Ringkasan mana`}>
        <Trans>
          Tahun{' '}
          <Phrase
            label={t`Tahun`}
            value={year}
            choices={years.map((value) => ({ value, label: value }))}
            onChange={(value) => set('year', value)}
          />
          , di{' '}
          <Phrase
            label={t`Kanwil`}
            {...(isNational(who) && { unset: t`seluruh Indonesia` })}
            value={region}
            choices={regions.map((value) => ({ value, label: value }))}
            onChange={(value) => set('region', value)}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="totals" bare>
        {({ totals: sums }) => (
          <Figures>
            <Figure
              label={t`Penjualan`}
              value={rp(sums.sold)}
              note={t`${n(sums.units)} barang, ${n(sums.sales)} penjualan`}
              to={addressOf('/sales', ['region', 'from', 'to'], within)}
            />
            <Figure
              label={t`Satuan kerja`}
              value={rp(sums.facility)}
              tone="facility"
              to={addressOf('/ledger', ['region', 'owner', 'from', 'to'], { owner: 'facility', ...within })}
            />
            <Figure
              label={t`Premi pembuat`}
              value={rp(sums.makers)}
              tone="makers"
              to={addressOf('/ledger', ['region', 'owner', 'from', 'to'], { owner: 'maker', ...within })}
            />
            <Figure
              label={t`PNBP`}
              value={rp(sums.state)}
              tone="state"
              to={addressOf('/ledger', ['region', 'owner', 'from', 'to'], { owner: 'state', ...within })}
            />
            {sums.refunded !== 0 && (
              <Figure
                label={t`Dikembalikan`}
                value={rp(sums.refunded)}
                to={addressOf('/ledger', ['region', 'kind', 'from', 'to'], { kind: 'refund', ...within })}
              />
            )}
          </Figures>
        )}
      </Section>
      <div className={styles.pair}>
        <Section screen={screen} name="totals" title={<Trans>Satuan kerja menurut penjualan</Trans>}>
          {() =>
            ranked.length === 0 ? (
              <Empty>
                <Trans>Pilih tahun lain, atau tunggu: penjualan muncul di sini begitu dibukukan.</Trans>
              </Empty>
            ) : (
              <>
                <Ranking
                  caption={
                    others.length > 0
                      ? t`Penjualan ${year} tiap satuan kerja, ${TOP} teratas`
                      : t`Penjualan ${year} tiap satuan kerja`
                  }
                  heading={t`Satuan kerja`}
                  amountHeading={t`Penjualan`}
                  rows={ranked.slice(0, TOP)}
                  rowKey={({ key }) => key}
                  label={({ key }) => <Link href={facilityAddress(key)}>{facility(key)}</Link>}
                  amount={(row) => row.sold}
                  written={(row) => rp(row.sold)}
                  tone="facility"
                />
                {others.length > 0 && (
                  <details className={styles.twin}>
                    <summary>
                      <Trans>
                        <Plural value={others.length} other="# satuan kerja lain" />
                      </Trans>
                    </summary>
                    <PageTable
                      caption={<Trans>Penjualan {year} tiap satuan kerja lain</Trans>}
                      rows={others}
                      rowKey={({ key }) => key}
                      columns={[
                        {
                          key: 'facility',
                          heading: t`Satuan kerja`,
                          cell: ({ key }) => <Link href={facilityAddress(key)}>{facility(key)}</Link>,
                        },
                        { key: 'sold', heading: t`Penjualan`, align: 'right', cell: ({ sold }) => rp(sold) },
                      ]}
                    />
                  </details>
                )}
              </>
            )
          }
        </Section>
        <Section screen={screen} name="trend" title={<Trans>Penjualan tiap bulan</Trans>}>
          {({ items }) => (
            <Trend
              caption={t`Penjualan tiap bulan ${year}, dalam rupiah`}
              heading={t`Bulan`}
              amountHeading={t`Penjualan`}
              points={monthlyPoints(items, monthsBetween(`${year}-01`, `${year}-12`), language)}
            />
          )}
        </Section>
      </div>
      <Section screen={screen} name="positions" title={<Trans>Yang masih terbuka</Trans>}>
        {({ items }) => (
          <PageTable
            file={listAddress('positions', { region })}
            caption={<Trans>Tiap satuan kerja, menurut PNBP belum disetor: di kanal, premi, dan PNBP</Trans>}
            rows={items.toSorted((one, other) => other.pnbp.owed - one.pnbp.owed)}
            rowKey={({ key }) => key}
            columns={[
              {
                key: 'facility',
                heading: t`Satuan kerja`,
                cell: ({ key }) => <Link href={facilityAddress(key)}>{facility(key)}</Link>,
              },
              { key: 'channel', heading: t`Di kanal`, align: 'right', cell: ({ channelHeld }) => rp(channelHeld) },
              {
                key: 'pending',
                heading: t`Premi belum cair`,
                align: 'right',
                cell: ({ makers }) => rp(makers.pending),
              },
              {
                key: 'available',
                heading: t`Premi sudah cair`,
                align: 'right',
                cell: ({ makers }) => rp(makers.available),
              },
              { key: 'pnbp', heading: t`PNBP terutang`, align: 'right', cell: (item) => rp(item.pnbp.owed) },
            ]}
          />
        )}
      </Section>
      <div className={styles.buttons}>
        <Button
          component="a"
          variant="default"
          href={exportAddress('ledger', 'reports/units', { year, format: 'xlsx', language })}
          download
        >
          <Trans>Unduh tahun {year} (XLSX)</Trans>
        </Button>
      </div>
    </div>
  );
}
