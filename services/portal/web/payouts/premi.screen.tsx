import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { MakerPositions } from '../api/answers.ts';
import { exportAddress, listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { PayoutsSections, PremiSections } from '../api/sections.ts';
import { has, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { dayOf, moment, monthAfter, monthName, thisMonth } from '../kit/day.ts';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { Field } from '../kit/field.tsx';
import { Figure, Figures } from '../kit/figure.tsx';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { State } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityChoices, useFacilityNames, useNames } from '../kit/names.ts';
import { NamesAway } from '../kit/names-away.tsx';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { ReportTable } from '../reports/report-table.tsx';

const NAMES = ['facility', 'month'] as const;
const MONTHS_BACK = 24;

/** What a facility's makers are owed, and how it is paid to them. */
export default function PremiScreen() {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { facilities } = useWho();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const cursor = readCursor(search);
  const facilityId = useFacilityChoice(filters.facility);
  const month = filters.month ?? thisMonth();
  const premi = useScreen<PremiSections>('premi', { facility: facilityId, month, language, cursor });
  const payouts = useScreen<PayoutsSections>('payouts', { facility: facilityId });
  const maker = useNames(premi.data?.sections.names);
  const facility = useFacilityNames();
  const positions = premi.data?.sections.positions?.data?.totals;
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/premi', NAMES, withFilter(filters, name, value)));
  const months = Array.from({ length: MONTHS_BACK }, (_, index) => monthAfter(thisMonth(), -index));
  const place = facilityId ? facility(facilityId) : '';
  const available = rp(positions?.makers.available ?? 0);
  const reserved = rp(positions?.makers.reserved ?? 0);
  const pending = rp(positions?.makers.pending ?? 0);
  const file = (format: string) => exportAddress('ledger', 'reports/premi', { facilityId, month, format, language });

  return (
    <div className={styles.screen}>
      <Heading title={t`Premi dan pembayaran`}>
        {!positions ? (
          <Trans>Premi dan pembayaran</Trans>
        ) : positions.makers.awaiting > 0 ? (
          <Trans>
            {place}: <Plural value={positions.makers.awaiting} other="# pembuat" /> menunggu {available}.
          </Trans>
        ) : positions.makers.reserved > 0 ? (
          <Trans>
            {place}: {reserved} sedang dibayarkan, selain itu belum ada premi yang dapat dibayarkan.
          </Trans>
        ) : positions.makers.pending > 0 ? (
          <Trans>
            {place}: belum ada premi yang dapat dibayarkan, {pending} belum cair.
          </Trans>
        ) : (
          <Trans>{place}: tidak ada pembuat yang menunggu premi.</Trans>
        )}
      </Heading>
      <NamesAway names={premi.data?.sections.names} />
      <SentenceFilter label={t`Premi mana`}>
        <Trans>
          Premi{' '}
          <Phrase
            label={t`Satuan kerja`}
            value={facilityId}
            choices={facilityChoices(facilities)}
            onChange={(value) => set('facility', value)}
          />{' '}
          bulan{' '}
          <Phrase
            label={t`Bulan`}
            value={month}
            choices={months.map((value) => ({ value, label: monthName(value, language) }))}
            onChange={(value) => set('month', value)}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={premi} name="positions" title={<Trans>Saldo pembuat</Trans>}>
        {({ items, totals, nextCursor }) => (
          <>
            <Figures>
              <Figure label={t`Belum cair`} value={rp(totals.makers.pending)} tone="makers" />
              <Figure label={t`Sudah cair`} value={rp(totals.makers.available)} tone="makers" />
              <Figure label={t`Dicadangkan`} value={rp(totals.makers.reserved)} tone="makers" />
              <Figure label={t`Harus dikembalikan`} value={rp(totals.makers.receivable)} tone="makers" />
            </Figures>
            <Balances items={items} maker={maker} facilityId={facilityId} />
            <Pages
              previous={cursor && addressOf('/premi', NAMES, filters)}
              next={nextCursor ? addressOf('/premi', NAMES, filters, nextCursor) : undefined}
            />
          </>
        )}
      </Section>
      <p className={styles.actions} style={{ margin: 0 }}>
        <Link href={addressOf('/deposits', ['facility'], { facility: facilityId ?? '' })}>
          <Trans>Setoran PNBP</Trans>
        </Link>
      </p>
      <Section screen={payouts} name="payouts" title={<Trans>Pembayaran</Trans>}>
        {({ items }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                <Trans>Belum pernah ada pembayaran. Bendahara mengusulkannya begitu ada premi yang cair.</Trans>
              </Empty>
            ) : (
              <PageTable
                file={listAddress('payouts', { facility: facilityId })}
                caption={<Trans>Pembayaran, terbaru dahulu</Trans>}
                rows={items}
                rowKey={({ payoutId }) => payoutId}
                columns={[
                  {
                    key: 'at',
                    heading: t`Diusulkan`,
                    cell: ({ payoutId, createdAt }) => (
                      <Link href={`/payouts/${payoutId}`}>{moment(createdAt, language)}</Link>
                    ),
                  },
                  { key: 'by', heading: t`Oleh`, cell: ({ createdBy }) => createdBy },
                  { key: 'bank', heading: t`Bank`, cell: ({ bank }) => bank.toUpperCase() },
                  { key: 'status', heading: t`Keadaan`, cell: ({ status }) => <State topic="decision" of={status} /> },
                ]}
              />
            )}
            {facilityId && <Propose facilityId={facilityId} place={place} />}
          </>
        )}
      </Section>
      <Section screen={premi} name="list" title={<Trans>Daftar premi {monthName(month, language)}</Trans>}>
        {(report) => (
          <>
            {report.rows.length === 0 ? (
              <Empty>
                <Trans>Tidak ada premi pada bulan ini.</Trans>
              </Empty>
            ) : (
              <ReportTable report={report} maker={maker} />
            )}
            <div className={styles.buttons}>
              <Button variant="default" onClick={() => window.print()}>
                <Trans>Cetak daftar premi</Trans>
              </Button>
              <Button component="a" variant="default" href={file('xlsx')} download>
                XLSX
              </Button>
              <Button component="a" variant="default" href={file('pdf')} download>
                PDF
              </Button>
            </div>
          </>
        )}
      </Section>
    </div>
  );
}

function Balances({
  items,
  maker,
  facilityId,
}: {
  readonly items: MakerPositions['items'];
  readonly maker: (id: string) => string;
  readonly facilityId: string | undefined;
}) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  if (items.length === 0) return null;
  return (
    <div style={{ marginTop: '1rem' }}>
      <PageTable
        file={listAddress('makers', { facility: facilityId })}
        caption={<Trans>Tiap pembuat: yang belum cair, sudah cair, dan harus dikembalikan</Trans>}
        rows={items}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'maker',
            heading: t`Pembuat`,
            cell: ({ key }) => <Link href={`/makers/${encodeURIComponent(key)}`}>{maker(key)}</Link>,
          },
          { key: 'pending', heading: t`Belum cair`, align: 'right', cell: ({ makers }) => rp(makers.pending) },
          { key: 'available', heading: t`Sudah cair`, align: 'right', cell: ({ makers }) => rp(makers.available) },
          {
            key: 'reserved',
            heading: t`Dicadangkan`,
            align: 'right',
            cell: ({ makers }) => (makers.reserved ? rp(makers.reserved) : ''),
          },
          {
            key: 'receivable',
            heading: t`Kembali`,
            align: 'right',
            cell: ({ makers }) => (makers.receivable ? rp(makers.receivable) : ''),
          },
        ]}
      />
    </div>
  );
}

function Propose({ facilityId, place }: { readonly facilityId: string; readonly place: string }) {
  const { t } = useLingui();
  const who = useWho();
  const [, navigate] = useLocation();
  const [bank, setBank] = useState('bri');
  const [upTo, setUpTo] = useState(dayOf(new Date().toISOString()));
  if (!has(who, 'drafter')) return null;
  return (
    <div className={styles.buttons}>
      <Consequence
        verb={t`Usulkan pembayaran`}
        title={t`Usulkan pembayaran ${place}?`}
        deed={() => ({ service: 'ledger', path: 'payouts', body: { facilityId, bank, upTo } })}
        onDone={(answer) => navigate(`/payouts/${(answer as { payoutId: string }).payoutId}`)}
        form={
          <>
            <Field label={t`Rekening bank yang membayar`} value={bank} required onChange={setBank} />
            <Field label={t`Yang tersedia sampai hari`} type="date" value={upTo} required onChange={setUpTo} />
          </>
        }
      >
        <Trans>
          Semua saldo pembuat dan satuan kerja yang sudah cair diusulkan. Belum ada uang yang berpindah: orang lain
          meninjau dan menyetujuinya.
        </Trans>
      </Consequence>
    </div>
  );
}
