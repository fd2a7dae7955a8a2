import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { Adjustment } from '../api/answers.ts';
import { isNothing, useScreen } from '../api/screen.ts';
import type { AdjustmentSections } from '../api/sections.ts';
import { WhatApprovalDoes } from '../decisions/decisions.screen.tsx';
import { statusOf } from '../decisions/status.ts';
import { Steps } from '../decisions/steps.tsx';
import { useLanguage } from '../frame/language.tsx';
import { NothingHereScreen } from '../frame/nothing-here.screen.tsx';
import { day, dayOf, moment } from '../kit/day.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { orderAddress, orderOfSale } from '../kit/links.ts';
import { useAccountNames, useFacilityNames, useNames } from '../kit/names.ts';
import { PageTable } from '../kit/page-table.tsx';
import { Section } from '../kit/section.tsx';

/** What somebody proposes to post by hand, and why. */
export default function AdjustmentScreen({ adjustmentId }: { readonly adjustmentId: string }) {
  const { t } = useLingui();
  const { language } = useLanguage();
  const { word } = useGlossary();
  const facility = useFacilityNames();
  const screen = useScreen<AdjustmentSections>('adjustment', { id: adjustmentId });
  const sections = screen.data?.sections;
  const found = sections?.adjustment?.data;
  const maker = useNames(sections?.names);
  if (isNothing(sections?.adjustment)) return <NothingHereScreen />;
  const type = found ? word('adjustment', found.type) : '';
  const place = found ? facility(found.facilityId) : '';
  const state = found ? word('decision', statusOf(found)) : '';
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Penyesuaian`}
        about={
          found && (
            <Trans>
              Diusulkan {found.createdBy}, {moment(found.createdAt, language)}
            </Trans>
          )
        }
      >
        {found ? (
          <Trans>
            {place}: {type}, {state}.
          </Trans>
        ) : (
          <Trans>Penyesuaian</Trans>
        )}
      </Heading>
      <Section screen={screen} name="adjustment">
        {(adjustment) => (
          <>
            <p className={kit.note}>
              <State topic="decision" of={statusOf(adjustment)} /> · {day(dayOf(adjustment.occurredAt), language)} ·{' '}
              {adjustment.reason}
            </p>
            <Content adjustment={adjustment} maker={maker} />
            <Steps
              actions={adjustment.actions ?? []}
              path={`adjustments/${adjustmentId}`}
              consequence={<WhatApprovalDoes kind="adjustment" />}
            />
          </>
        )}
      </Section>
    </div>
  );
}

function Content({ adjustment, maker }: { readonly adjustment: Adjustment; readonly maker: (id: string) => string }) {
  const { t } = useLingui();
  const { rp, exact } = useLanguage();
  const { word } = useGlossary();
  const account = useAccountNames(maker);
  const { entries, lotId, measure, contributions, debtor, beneficiary, amount, saleId, holdId } = adjustment.content;
  if (entries) {
    return (
      <PageTable
        caption={<Trans>Yang dibukukan bila disetujui</Trans>}
        rows={entries}
        rowKey={(entry) => entry.account}
        columns={[
          { key: 'account', heading: t`Akun`, cell: (entry) => account(entry.account) },
          {
            key: 'debit',
            heading: t`Debit`,
            align: 'right',
            cell: (entry) => (entry.amount > 0 ? rp(entry.amount) : ''),
          },
          {
            key: 'credit',
            heading: t`Kredit`,
            align: 'right',
            cell: (entry) => (entry.amount < 0 ? rp(-entry.amount) : ''),
          },
        ]}
      />
    );
  }
  if (contributions) {
    return (
      <PageTable
        caption={<Trans>Pembuat lot {lotId}: bagian mereka keluar dari dana titipan</Trans>}
        rows={contributions}
        rowKey={({ makerId }) => makerId}
        columns={[
          { key: 'maker', heading: t`Pembuat`, cell: ({ makerId }) => maker(makerId) },
          {
            key: 'weight',
            heading: t`Kerja`,
            align: 'right',
            cell: ({ weight }) =>
              measure === 'equal' ? word('measure', 'equal') : `${exact(weight)} ${word('measure', measure ?? '')}`,
          },
        ]}
      />
    );
  }
  if (saleId) {
    const orderId = orderOfSale(saleId);
    return (
      <p>
        <Trans>
          Yang masih dipegang kanal dari <Link href={orderAddress(orderId)}>{orderId}</Link> tidak ditunggu lagi: di
          luar biaya yang sudah diperkirakan, ia menjadi selisih dalam buku satuan kerja, dan yang belum cair menjadi
          cair.
        </Trans>
      </p>
    );
  }
  if (holdId) {
    const earned = rp(amount ?? 0);
    return (
      <p>
        <Trans>
          Yang dicairkan kanal tanpa pesanan ({holdId}) menjadi bagian satuan kerja ini yang sudah cair: {earned}.
        </Trans>
      </p>
    );
  }
  return (
    <p>
      <Trans>
        {maker((debtor ?? '').replace('maker:', ''))} kepada {beneficiary}: {rp(amount ?? 0)}
      </Trans>
    </p>
  );
}
