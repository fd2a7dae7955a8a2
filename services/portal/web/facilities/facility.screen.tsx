import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useLocation, useSearch } from 'wouter';
import { useScreen } from '../api/screen.ts';
import type { FacilitySections } from '../api/sections.ts';
import { has, isNational, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { firstDayOf, lastDayOf, monthAfter, monthName, monthsBetween, thisMonth } from '../kit/day.ts';
import { Figure, Figures } from '../kit/figure.tsx';
import { addressOf, readFilters } from '../kit/filters.ts';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityAddress } from '../kit/links.ts';
import { useFacilityNames, useNames, useTitles } from '../kit/names.ts';
import { NamesAway } from '../kit/names-away.tsx';
import { Ranking } from '../kit/ranking.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { monthlyPoints, Trend } from '../kit/trend.tsx';
import { SalesTable } from '../sales/sales-table.tsx';

const MONTHS_BACK = 24;
const LAST = 5;

/** What a facility earned in a month, and for whom. */
export default function FacilityScreen({ facilityId }: { readonly facilityId: string }) {
  const { t } = useLingui();
  const { language, rp, n } = useLanguage();
  const who = useWho();
  const [, navigate] = useLocation();
  const month = readFilters(useSearch(), ['month']).month ?? thisMonth();
  const screen = useScreen<FacilitySections>('facility', { facility: facilityId, month });
  const sections = screen.data?.sections;
  const title = useTitles(sections?.titles);
  const maker = useNames(sections?.names);
  const facility = useFacilityNames()(facilityId);
  const monthWords = monthName(month, language);
  const earned = sections?.totals?.data?.totals;
  const isEmpty = earned?.sales === 0;
  const days = { from: firstDayOf(month), to: lastDayOf(month) };
  const ledger = (owner: string) =>
    addressOf('/ledger', ['facility', 'owner', 'from', 'to'], { facility: facilityId, owner, ...days });
  const months = Array.from({ length: MONTHS_BACK }, (_, index) => monthAfter(thisMonth(), -index));
  const facilityEarned = rp(earned?.facility ?? 0);
  const makersEarned = rp(earned?.makers ?? 0);

  return (
    <div className={styles.screen}>
      <Heading title={facility}>
        {!earned ? (
          facility
        ) : isEmpty ? (
          <Trans>
            {facility} belum menjual apa pun pada {monthWords}.
          </Trans>
        ) : (
          <Trans>
            {facility} menghasilkan {facilityEarned} pada {monthWords}; pembuatnya {makersEarned}.
          </Trans>
        )}
      </Heading>
      <NamesAway names={sections?.names} />
      <SentenceFilter label={t`Bulan`}>
        <Trans>
          Bulan{' '}
          <Phrase
            label={t`Bulan`}
            value={month}
            choices={months.map((value) => ({ value, label: monthName(value, language) }))}
            onChange={(chosen) => navigate(facilityAddress(facilityId, chosen))}
          />
        </Trans>
      </SentenceFilter>
      {has(who, 'officer') && (
        <p className={styles.actions} style={{ margin: 0 }}>
          <Button component={Link} href="/lots/new" size="md">
            <Trans>Catat lot</Trans>
          </Button>
        </p>
      )}
      {isNational(who) && has(who, 'drafter', 'approver') && (
        <p className={styles.actions} style={{ margin: 0 }}>
          <Link href={addressOf('/premi', ['facility'], { facility: facilityId })}>
            <Trans>Premi dan pembayaran</Trans>
          </Link>
        </p>
      )}
      <Section screen={screen} name="totals" bare>
        {({ totals }) => (
          <Figures>
            <Figure
              label={t`Bagian satuan kerja`}
              value={rp(totals.facility)}
              to={ledger('facility')}
              tone="facility"
            />
            <Figure label={t`Premi pembuat`} value={rp(totals.makers)} to={ledger('maker')} tone="makers" />
            <Figure label={t`PNBP`} value={rp(totals.state)} to={ledger('state')} tone="state" />
            <Figure
              label={t`Penjualan`}
              value={rp(totals.sold)}
              note={t`${n(totals.units)} barang, ${n(totals.sales)} penjualan`}
              to={addressOf('/sales', ['facility', 'from', 'to'], { facility: facilityId, ...days })}
            />
          </Figures>
        )}
      </Section>
      <Section screen={screen} name="positions" title={<Trans>Di mana uangnya sekarang</Trans>} bare>
        {({ totals }) => (
          <Figures>
            <Figure
              label={t`Masih di kanal`}
              value={rp(totals.channelHeld)}
              to={addressOf('/ledger', ['facility', 'owner'], { facility: facilityId, owner: 'channel' })}
            />
            <Figure
              label={t`Di rekening bank`}
              value={rp(totals.bank)}
              to={addressOf('/ledger', ['facility', 'owner'], { facility: facilityId, owner: 'bank' })}
            />
            <Figure
              label={t`Premi belum cair`}
              value={rp(totals.makers.pending)}
              note={t`sudah cair ${rp(totals.makers.available)}`}
              to={addressOf('/ledger', ['facility', 'owner'], { facility: facilityId, owner: 'maker' })}
            />
            <Figure
              label={t`PNBP terutang`}
              value={rp(totals.pnbp.owed)}
              to={addressOf('/deposits', ['facility'], { facility: facilityId })}
            />
          </Figures>
        )}
      </Section>
      {!isEmpty && (
        <div className={styles.pair}>
          <Section screen={screen} name="trend" title={<Trans>Penjualan tiap bulan</Trans>}>
            {({ items }) => (
              <Trend
                caption={t`Penjualan ${facility} tiap bulan, dalam rupiah`}
                heading={t`Bulan`}
                amountHeading={t`Penjualan`}
                points={monthlyPoints(items, monthsBetween(monthAfter(month, -11), month), language)}
              />
            )}
          </Section>
          <Section screen={screen} name="products" title={<Trans>Yang terjual</Trans>}>
            {({ items }) => (
              <Ranking
                caption={t`Penjualan ${monthWords} menurut produk`}
                heading={t`Produk`}
                amountHeading={t`Penjualan`}
                rows={items}
                rowKey={({ key }) => key}
                label={({ key, units }) => (
                  <span>
                    <Link
                      href={addressOf('/sales', ['facility', 'sku', 'from', 'to'], {
                        facility: facilityId,
                        sku: key,
                        ...days,
                      })}
                    >
                      {title(key)}
                    </Link>{' '}
                    <span className={styles.why}>{t`${n(units)} barang`}</span>
                  </span>
                )}
                amount={({ sold }) => sold}
                written={({ sold }) => rp(sold)}
                tone="facility"
              />
            )}
          </Section>
          <Section screen={screen} name="makers" title={<Trans>Pembuatnya</Trans>}>
            {({ items }) => (
              <Ranking
                caption={t`Premi ${monthWords} menurut pembuat`}
                heading={t`Pembuat`}
                amountHeading={t`Premi`}
                rows={items}
                rowKey={({ key }) => key}
                label={({ key }) => maker(key)}
                amount={({ makers }) => makers}
                written={({ key, makers }) => (
                  <Link
                    href={addressOf('/ledger', ['facility', 'account', 'from', 'to'], {
                      facility: facilityId,
                      account: `maker:${key}`,
                      ...days,
                    })}
                  >
                    {rp(makers)}
                  </Link>
                )}
                tone="makers"
              />
            )}
          </Section>
        </div>
      )}
      {!isEmpty && (
        <Section screen={screen} name="sales" title={<Trans>Penjualan terakhir</Trans>}>
          {({ items }) => (
            <SalesTable sales={items.slice(0, LAST)} title={title} caption={t`Lima penjualan terakhir ${facility}`} />
          )}
        </Section>
      )}
      {isEmpty && (
        <Empty>
          <Trans>
            Penjualan muncul di sini begitu kanal mengirimkannya. Yang dibutuhkan: lot yang tercatat dengan pembuatnya.
          </Trans>
        </Empty>
      )}
    </div>
  );
}
