import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Deposit } from '../api/answers.ts';
import { listAddress } from '../api/api.ts';
import { useScreen } from '../api/screen.ts';
import type { DepositsSections } from '../api/sections.ts';
import { has, useWho } from '../api/session.ts';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { moment } from '../kit/day.ts';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { Field } from '../kit/field.tsx';
import { Figure, Figures } from '../kit/figure.tsx';
import { addressOf, readCursor, readFilters, withFilter } from '../kit/filters.ts';
import { State } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { facilityChoices, useFacilityNames } from '../kit/names.ts';
import { Pages, PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';

const NAMES = ['facility', 'status'] as const;

/** What is owed to the state, and how it got there. */
export default function DepositsScreen() {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const who = useWho();
  const [, navigate] = useLocation();
  const search = useSearch();
  const filters = readFilters(search, NAMES);
  const facilityId = useFacilityChoice(filters.facility);
  const shownBy = { facility: facilityId, status: filters.status };
  const screen = useScreen<DepositsSections>('deposits', { ...shownBy, cursor: readCursor(search) });
  const facility = useFacilityNames();
  const place = facilityId ? facility(facilityId) : '';
  const pnbp = screen.data?.sections.positions?.data?.totals.pnbp;
  const owed = rp(pnbp?.owed ?? 0);
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/deposits', NAMES, withFilter(filters, name, value)));
  return (
    <div className={styles.screen}>
      <Heading title={t`Setoran PNBP`}>
        {!pnbp ? (
          <Trans>Setoran PNBP</Trans>
        ) : pnbp.owed === 0 ? (
          <Trans>{place} tidak berutang PNBP.</Trans>
        ) : (
          <Trans>
            {place} masih harus menyetor PNBP {owed}.
          </Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Setoran mana`}>
        <Trans>
          Setoran{' '}
          <Phrase
            label={t`Satuan kerja`}
            value={facilityId}
            choices={facilityChoices(who.facilities)}
            onChange={(value) => set('facility', value)}
          />{' '}
          <Phrase
            label={t`Keadaan`}
            unset={t`semuanya`}
            value={filters.status}
            choices={[
              { value: 'billed', label: t`yang ditagih` },
              { value: 'deposited', label: t`yang disetor` },
            ]}
            onChange={(value) => set('status', value)}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="positions" bare>
        {({ totals }) => (
          <Figures>
            <Figure
              label={t`Terutang`}
              value={rp(totals.pnbp.owed)}
              tone="state"
              to={addressOf('/ledger', ['facility', 'owner'], { facility: facilityId ?? '', owner: 'state' })}
            />
            <Figure label={t`Sudah ada kode billing`} value={rp(totals.pnbp.billed)} tone="state" />
            <Figure label={t`Di rekening bank`} value={rp(totals.bank)} />
          </Figures>
        )}
      </Section>
      <Section screen={screen} name="deposits" title={<Trans>Setoran</Trans>}>
        {({ items, nextCursor }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                <Trans>Belum ada setoran. Buat kode billing di SIMPONI, lalu catat di sini.</Trans>
              </Empty>
            ) : (
              <PageTable
                file={listAddress('deposits', shownBy)}
                caption={<Trans>Setoran, terbaru dahulu</Trans>}
                rows={items}
                rowKey={({ depositId }) => depositId}
                columns={[
                  { key: 'code', heading: t`Kode billing`, cell: ({ billingCode }) => billingCode },
                  {
                    key: 'at',
                    heading: t`Dicatat`,
                    cell: ({ createdAt, createdBy }) => `${moment(createdAt, language)}, ${createdBy}`,
                  },
                  {
                    key: 'status',
                    heading: t`Keadaan`,
                    cell: ({ ntpn }) => <State topic="decision" of={ntpn ? 'deposited' : 'billed'} />,
                  },
                  {
                    key: 'ntpn',
                    heading: t`NTPN`,
                    cell: (deposit) => deposit.ntpn ?? (mayConfirm(deposit) ? <Receipt deposit={deposit} /> : ''),
                  },
                  { key: 'amount', heading: t`Jumlah`, align: 'right', cell: ({ amount }) => rp(amount) },
                ]}
              />
            )}
            <Pages next={nextCursor ? addressOf('/deposits', NAMES, filters, nextCursor) : undefined} />
            {facilityId && pnbp && pnbp.unbilled > 0 && has(who, 'drafter') && (
              <Bill facilityId={facilityId} unbilled={pnbp.unbilled} key={facilityId} />
            )}
          </>
        )}
      </Section>
    </div>
  );
}

function mayConfirm({ actions }: Deposit): boolean {
  return actions?.some(({ name, allowed }) => name === 'receipt' && allowed) ?? false;
}

function Bill({ facilityId, unbilled }: { readonly facilityId: string; readonly unbilled: number }) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  const [typed, setAmount] = useState<string>(); // until then all of it, which grows while one looks
  const amount = typed ?? String(unbilled);
  const [bank, setBank] = useState('bri');
  const [billingCode, setBillingCode] = useState('');
  const written = rp(Number(amount) || 0);
  return (
    <div className={styles.buttons}>
      <Consequence
        verb={t`Catat kode billing`}
        title={t`Kode billing untuk ${written}`}
        onDone={() => {
          setAmount(undefined);
          setBillingCode('');
        }}
        deed={() => ({
          service: 'ledger',
          path: 'deposits',
          body: { facilityId, bank, amount: Number(amount), billingCode },
        })}
        form={
          <>
            <Field
              label={t`Jumlah dalam rupiah`}
              inputMode="numeric"
              pattern="[0-9]*"
              value={amount}
              required
              onChange={setAmount}
            />
            <Field
              label={t`Kode billing`}
              note={t`15 angka dari SIMPONI`}
              inputMode="numeric"
              value={billingCode}
              required
              onChange={setBillingCode}
            />
            <Field label={t`Rekening bank`} value={bank} required onChange={setBank} />
          </>
        }
      >
        <Trans>Kode dicatat; buku baru berubah sesudah NTPN dimasukkan.</Trans>
      </Consequence>
    </div>
  );
}

function Receipt({ deposit }: { readonly deposit: Deposit }) {
  const { t } = useLingui();
  const { rp } = useLanguage();
  const [ntpn, setNtpn] = useState('');
  const amount = rp(deposit.amount);
  return (
    <Consequence
      verb={t`Masukkan NTPN`}
      title={t`${amount} sudah disetor?`}
      quiet
      deed={(depositedAt) => ({
        service: 'ledger',
        path: `deposits/${deposit.depositId}/receipt`,
        body: { ntpn, depositedAt },
      })}
      form={<Field label={t`NTPN`} note={t`16 huruf kapital dan angka`} value={ntpn} required onChange={setNtpn} />}
    >
      <Trans>PNBP terutang berkurang {amount} dalam buku. Tidak dapat dibatalkan.</Trans>
    </Consequence>
  );
}
