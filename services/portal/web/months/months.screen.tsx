import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Checklist, PeriodDecision } from '../api/answers.ts';
import { useScreen } from '../api/screen.ts';
import type { MonthSections, MonthsSections } from '../api/sections.ts';
import { has, useWho } from '../api/session.ts';
import { WhatApprovalDoes } from '../decisions/decisions.screen.tsx';
import { Steps } from '../decisions/steps.tsx';
import { useLanguage } from '../frame/language.tsx';
import { Consequence } from '../kit/consequence.tsx';
import { firstDayOf, lastDayOf, moment, monthAfter, monthName, thisMonth } from '../kit/day.ts';
import { Field } from '../kit/field.tsx';
import { addressOf, readFilters } from '../kit/filters.ts';
import { State, useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import styles from '../kit/kit.module.css';
import { PageTable } from '../kit/page-table.tsx';
import { Empty, Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import { Status } from '../kit/status.tsx';

const MONTHS_BACK = 24;
const HOUR_MS = 3_600_000;
/** While the books are verified it is asked how far that is. */
const EVERY_MS = 1_000;

/** Whether a month's books can be closed, and what is in the way. */
export default function MonthsScreen() {
  const { t } = useLingui();
  const { language } = useLanguage();
  const { word } = useGlossary();
  const [, navigate] = useLocation();
  const [isChecking, setChecking] = useState(false);
  const months = useScreen<MonthsSections>('months', {}, isChecking ? EVERY_MS : undefined);
  const periods = months.data?.sections.periods?.data;
  const month = readFilters(useSearch(), ['month']).month ?? monthAfter(thisMonth(), -1);
  const name = monthName(month, language);
  const screen = useScreen<MonthSections>('month', { month });
  const checklist = screen.data?.sections.checklist?.data;
  const decision = periods?.items.find(
    (item) => item.month === month && ['checking', 'waiting', 'unsound'].includes(item.status),
  );
  if (isChecking !== (decision?.status === 'checking')) setChecking(decision?.status === 'checking');
  const isClosed = periods?.firstOpenMonth != null && month < periods.firstOpenMonth;
  const choices = Array.from({ length: MONTHS_BACK }, (_, index) => monthAfter(thisMonth(), -index));
  const open = checklist ? waiting(checklist) : 0;
  return (
    <div className={styles.screen}>
      <Heading title={t`Tutup buku`}>
        {isClosed ? (
          <Trans>{name} sudah ditutup.</Trans>
        ) : !checklist ? (
          <Trans>Tutup buku</Trans>
        ) : mustWait(checklist) ? (
          <Trans>{name} belum bisa ditutup: buku tidak cocok.</Trans>
        ) : open > 0 ? (
          <Trans>
            {name} dapat ditutup bila <Plural value={open} other="# jenis hal" /> yang masih terbuka dinilai wajar.
          </Trans>
        ) : (
          <Trans>{name} siap ditutup.</Trans>
        )}
      </Heading>
      <SentenceFilter label={t`Bulan`}>
        <Trans>
          Buku bulan{' '}
          <Phrase
            label={t`Bulan`}
            value={month}
            choices={choices.map((value) => ({ value, label: monthName(value, language) }))}
            onChange={(value) => navigate(addressOf('/months', ['month'], value ? { month: value } : {}))}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="checklist" title={<Trans>Yang harus cocok, dan yang dinilai</Trans>}>
        {(found) => (
          <>
            <CheckTable checklist={found} />
            <p className={styles.note}>
              <Link href={addressOf('/reports', ['from', 'to'], { from: firstDayOf(month), to: lastDayOf(month) })}>
                <Trans>Laporan {name}</Trans>
              </Link>
            </p>
            {decision ? <Decide decision={decision} /> : !isClosed && <Ask month={month} name={name} />}
          </>
        )}
      </Section>
      <Section screen={months} name="periods" title={<Trans>Keputusan tutup buku</Trans>}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              <Trans>Belum ada bulan yang diminta untuk ditutup.</Trans>
            </Empty>
          ) : (
            <PageTable
              caption={<Trans>Permintaan, terbaru dahulu</Trans>}
              rows={items}
              rowKey={({ decisionId }) => decisionId}
              columns={[
                {
                  key: 'month',
                  heading: t`Bulan`,
                  cell: (item) => <Link href={`/months?month=${item.month}`}>{monthName(item.month, language)}</Link>,
                },
                {
                  key: 'what',
                  heading: t`Permintaan`,
                  cell: ({ action }) => word('closing', action),
                },
                {
                  key: 'by',
                  heading: t`Oleh`,
                  cell: ({ createdBy, createdAt }) => `${createdBy}, ${moment(createdAt, language)}`,
                },
                { key: 'status', heading: t`Keadaan`, cell: ({ status }) => <State topic="decision" of={status} /> },
                { key: 'reason', heading: t`Alasan`, cell: ({ reason }) => reason },
              ]}
            />
          )
        }
      </Section>
    </div>
  );
}

function mustWait({ unexplained, unbalanced }: Checklist): boolean {
  return (unexplained?.count ?? 0) > 0 || (unbalanced?.count ?? 0) > 0;
}

function waiting({ unsettled, held, suspense, deadLetters, drafts, late, unlawful }: Checklist): number {
  return [unsettled, held, suspense, deadLetters, drafts, late, unlawful].filter((list) => list && list.count > 0)
    .length;
}

function CheckTable({ checklist }: { readonly checklist: Checklist }) {
  const { t } = useLingui();
  const { language, n } = useLanguage();
  const rows = [
    { key: 'unexplained', name: t`Jurnal yang tidak dapat dijelaskan`, list: checklist.unexplained, must: true },
    { key: 'unbalanced', name: t`Baris yang saling bertentangan`, list: checklist.unbalanced, must: true },
    { key: 'unsettled', name: t`Penjualan yang belum cair`, list: checklist.unsettled, to: '/exceptions' },
    { key: 'held', name: t`Dana yang belum ada pemiliknya`, list: checklist.held, to: '/exceptions' },
    {
      key: 'suspense',
      name: t`Satuan kerja dengan dana titipan`,
      list: checklist.suspense,
      to: '/reports?report=suspense',
    },
    { key: 'dead', name: t`Kejadian yang belum masuk buku`, list: checklist.deadLetters },
    {
      key: 'drafts',
      name: t`Penyesuaian yang belum disetujui`,
      list: checklist.drafts,
      to: '/decisions?kind=adjustment',
    },
    { key: 'late', name: t`Jurnal terlambat`, list: checklist.late },
    { key: 'unlawful', name: t`Saldo dari masa sebelum aturannya berlaku`, list: checklist.unlawful },
  ];
  const { verifiedAt } = checklist;
  return (
    <>
      <PageTable
        caption={
          verifiedAt ? (
            <Trans>Diverifikasi {moment(verifiedAt, language)}</Trans>
          ) : (
            <Trans>Belum diverifikasi untuk bulan ini; permintaan tutup buku memulainya.</Trans>
          )
        }
        rows={rows}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'what',
            heading: t`Hal`,
            cell: ({ name, to, list }) => (to && list && list.count > 0 ? <Link href={to}>{name}</Link> : name),
          },
          { key: 'weight', heading: t`Bobot`, cell: ({ must }) => (must ? t`wajib cocok` : t`dinilai`) },
          {
            key: 'count',
            heading: t`Jumlah`,
            align: 'right',
            cell: ({ list, must }) =>
              list === undefined ? (
                <Status mood="wait">{t`belum diperiksa`}</Status>
              ) : (
                <Status mood={list.count === 0 ? 'good' : must ? 'bad' : 'wait'}>{n(list.count)}</Status>
              ),
          },
        ]}
      />
      {mustWait(checklist) && (
        <ul>
          {[...(checklist.unexplained?.first ?? []), ...(checklist.unbalanced?.first ?? [])].map((fault) => (
            <li key={`${fault.table} ${fault.row}`}>
              {fault.table} {fault.row}: {fault.says}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Decide({ decision }: { readonly decision: PeriodDecision }) {
  const { language, n } = useLanguage();
  const { status, progress, approvableUntil } = decision;
  const [journals, entries] = [n(progress?.journals ?? 0), n(progress?.entries ?? 0)];
  const until = approvableUntil ? moment(approvableUntil, language) : '';
  const left = approvableUntil ? Date.parse(approvableUntil) - Date.now() : 0;
  const hours = Math.floor(left / HOUR_MS);
  return (
    <>
      <p className={styles.note}>
        <State topic="decision" of={status} />{' '}
        {status === 'checking' ? (
          <Trans>
            Sejauh ini {journals} jurnal dan {entries} ayat diperiksa.
          </Trans>
        ) : (
          status === 'waiting' &&
          until &&
          (left <= 0 ? (
            <Trans>Dapat disetujui sampai {until}, dan itu sudah lewat: tarik, lalu minta lagi.</Trans>
          ) : hours === 0 ? (
            <Trans>Dapat disetujui sampai {until}.</Trans>
          ) : (
            <Trans>
              Dapat disetujui sampai {until} (<Plural value={hours} other="# jam lagi" />
              ).
            </Trans>
          ))
        )}
      </p>
      {status !== 'unsound' && (
        <Steps
          actions={decision.actions ?? []}
          path={`periods/decisions/${decision.decisionId}`}
          consequence={<WhatApprovalDoes kind="period" />}
        />
      )}
    </>
  );
}

function Ask({ month, name }: { readonly month: string; readonly name: string }) {
  const { t } = useLingui();
  const who = useWho();
  const [reason, setReason] = useState('');
  if (!has(who, 'drafter')) return null;
  return (
    <div className={styles.buttons}>
      <Consequence
        verb={t`Minta tutup ${name}`}
        title={t`Minta tutup ${name}?`}
        deed={() => ({ service: 'ledger', path: `periods/${month}/close`, body: { reason } })}
        form={<Field label={t`Mengapa yang masih terbuka boleh`} value={reason} required onChange={setReason} />}
      >
        <Trans>Seluruh buku diverifikasi dahulu; boleh ditinggal. Lalu orang lain menyetujui atau menolak.</Trans>
      </Consequence>
    </div>
  );
}
