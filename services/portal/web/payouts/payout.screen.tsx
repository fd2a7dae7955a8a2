import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Payout } from '../api/answers.ts';
import { listAddress } from '../api/api.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { PayoutSections } from '../api/sections.ts';
import { WhatApprovalDoes } from '../decisions/decisions.screen.tsx';
import { Steps } from '../decisions/steps.tsx';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day, moment } from '../kit/day.ts';
import { addressOf } from '../kit/filters.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { makerOf, useFacilityNames, useNames } from '../kit/names.ts';
import { NamesAway } from '../kit/names-away.tsx';
import { PageTable } from '../kit/page-table.tsx';
import { Section } from '../kit/section.tsx';

/** One payout: to whom, how much, who has said yes, and what the bank said. */
export default function PayoutScreen({ payoutId }: { readonly payoutId: string }) {
  const { t } = useLingui();
  const { language, rp } = useLanguage();
  const { word } = useGlossary();
  const facility = useFacilityNames();
  const screen = useScreen<PayoutSections>('payout', { id: payoutId });
  const sections = screen.data?.sections;
  const payout = sections?.payout?.data;
  const maker = useNames(sections?.names);
  const total = rp(payout?.total ?? 0);
  const place = payout ? facility(payout.facilityId) : '';
  const state = payout ? word('decision', payout.status) : '';
  const [excluded, setExcluded] = useState<ReadonlySet<string>>(new Set());
  if (isNothing(sections?.payout)) return <NothingHereScreen />;
  const owner = (account: string) => {
    const makerId = makerOf(account);
    return makerId ? maker(makerId) : account;
  };
  return (
    <div className={styles.screen}>
      <Heading
        title={t`Pembayaran`}
        about={
          payout && (
            <Trans>
              Yang tersedia sampai {day(payout.upTo, language)}, dari rekening {payout.bank.toUpperCase()}
            </Trans>
          )
        }
      >
        {payout ? (
          <Trans>
            {place} membayar {total} kepada <Plural value={payout.items.length} other="# penerima" />: {state}.
          </Trans>
        ) : (
          <Trans>Pembayaran</Trans>
        )}
      </Heading>
      <NamesAway names={sections?.names} />
      <Section screen={screen} name="payout">
        {(found) => (
          <>
            <History payout={found} />
            <PageTable
              file={listAddress('payout', { id: payoutId })}
              caption={<Trans>Penerima dan keadaan tiap pembayaran</Trans>}
              rows={found.items}
              rowKey={({ itemId }) => itemId}
              columns={[
                {
                  key: 'who',
                  heading: t`Penerima`,
                  cell: ({ account, payee }) => (
                    <Link href={addressOf('/ledger', ['account'], { account })}>{payee ?? owner(account)}</Link>
                  ),
                },
                ...(canReview(found)
                  ? [
                      {
                        key: 'in',
                        heading: t`Ikut`,
                        cell: ({ itemId, account }: Payout['items'][number]) => (
                          <input
                            type="checkbox"
                            checked={!excluded.has(itemId)}
                            aria-label={t`Ikut dibayar: ${owner(account)}`}
                            onChange={({ currentTarget }) => {
                              const next = new Set(excluded);
                              if (currentTarget.checked) next.delete(itemId);
                              else next.add(itemId);
                              setExcluded(next);
                            }}
                          />
                        ),
                      },
                    ]
                  : []),
                { key: 'status', heading: t`Keadaan`, cell: ({ status }) => <State topic="item" of={status} /> },
                { key: 'bank', heading: t`Kata bank`, cell: (item) => <BankSays {...item} /> },
                { key: 'amount', heading: t`Jumlah`, align: 'right', cell: ({ amount }) => rp(amount) },
              ]}
            />
            {found.leftOut.length > 0 && (
              <div style={{ marginTop: '1.2rem' }}>
                <PageTable
                  caption={<Trans>Tidak ikut dibayar, dan mengapa</Trans>}
                  rows={found.leftOut}
                  rowKey={({ account }) => account}
                  columns={[
                    { key: 'who', heading: t`Pemilik`, cell: ({ account }) => owner(account) },
                    { key: 'because', heading: t`Mengapa`, cell: ({ because }) => word('leftOut', because) },
                    { key: 'amount', heading: t`Jumlah`, align: 'right', cell: ({ amount }) => rp(amount) },
                  ]}
                />
              </div>
            )}
            <Steps
              actions={found.actions ?? []}
              path={`payouts/${payoutId}`}
              amount={rp(found.total)}
              consequence={<WhatApprovalDoes kind="payout" />}
              reviewBody={() => ({ exclude: [...excluded] })}
            />
          </>
        )}
      </Section>
    </div>
  );
}

/** What came back from the bank, and under which reference it was told to pay. */
function BankSays({ itemId, status, reason, paidOn }: Payout['items'][number]) {
  const { language } = useLanguage();
  const on = paidOn && day(paidOn, language);
  return (
    <span>
      {reason ?? (status === 'paid' && on && <Trans>dibayar {on}</Trans>)}
      {['sent', 'paid', 'failed'].includes(status) && (
        <span className={`${styles.why} ${styles.code}`} style={{ display: 'block' }}>
          <Trans>acuan {itemId}</Trans>
        </span>
      )}
    </span>
  );
}

function canReview({ actions }: Payout): boolean {
  return actions?.some(({ name, allowed }) => name === 'review' && allowed) ?? false;
}

function History({ payout }: { readonly payout: Payout }) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const { createdBy, createdAt, reviewedBy, reviewedAt, decidedBy, decidedAt, reason } = payout;
  const told = [
    { what: t`Diusulkan`, by: createdBy, at: createdAt },
    ...(reviewedBy && reviewedAt ? [{ what: t`Ditinjau`, by: reviewedBy, at: reviewedAt }] : []),
    ...(decidedBy && decidedAt ? [{ what: t`Diputuskan`, by: decidedBy, at: decidedAt }] : []),
  ];
  return (
    <p className={styles.note}>
      {told.map(({ what, by, at }) => `${what}: ${by}, ${moment(at, language)}`).join(' · ')}
      {reason && ` · ${reason}`}
    </p>
  );
}
