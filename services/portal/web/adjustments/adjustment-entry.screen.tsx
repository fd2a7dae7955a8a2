import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useScreen } from '../api/screen.ts';
import type { AdjustmentEntrySections } from '../api/sections.ts';
import { useWho } from '../api/session.ts';
import { Consequence } from '../kit/consequence.tsx';
import { dayOf, instantOn } from '../kit/day.ts';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { Field } from '../kit/field.tsx';
import { addressOf, readFilters, withFilter } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { facilityChoices, useAccountNames, useNames } from '../kit/names.ts';
import { Section } from '../kit/section.tsx';
import { Phrase, SentenceFilter } from '../kit/sentence-filter.tsx';
import type { LotDraft } from '../lots/draft.ts';
import { TeamFields } from '../lots/team-fields.tsx';
import { type AdjustmentDraft, bodyOf, newEntry, PATHS, TYPES, type Type } from './draft.ts';

const NAMES = ['facility', 'type'] as const;
const OF_MAKERS = ['wages', 'savings', 'receivable'];

/** What a treasurer proposes to post by hand. */
export default function AdjustmentEntryScreen() {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const { facilities } = useWho();
  const [, navigate] = useLocation();
  const filters = readFilters(useSearch(), NAMES);
  const facilityId = useFacilityChoice(filters.facility);
  const type = TYPES.find((each) => each === filters.type) ?? 'adjustment';
  const screen = useScreen<AdjustmentEntrySections>('adjustment-entry', { facility: facilityId });
  const set = (name: (typeof NAMES)[number], value: string | undefined) =>
    navigate(addressOf('/adjustments/new', NAMES, withFilter(filters, name, value)));
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Usulkan penyesuaian`}
        about={<Trans>Belum dibukukan: orang lain menyetujuinya kemudian.</Trans>}
      >
        <Trans>Apa yang harus diluruskan?</Trans>
      </Heading>
      <SentenceFilter label={t`Penyesuaian mana`}>
        <Trans>
          Usulkan{' '}
          <Phrase
            label={t`Jenis`}
            value={type}
            choices={choices('adjustment').filter(({ value }) => TYPES.some((each) => each === value))}
            onChange={(value) => set('type', value)}
          />{' '}
          di{' '}
          <Phrase
            label={t`Satuan kerja`}
            value={facilityId}
            choices={facilityChoices(facilities)}
            onChange={(value) => set('facility', value)}
          />
        </Trans>
      </SentenceFilter>
      <Section screen={screen} name="makers">
        {({ items }) =>
          facilityId && (
            <Form
              key={`${facilityId} ${type}`}
              screen={screen}
              type={type}
              facilityId={facilityId}
              makerIds={items.map(({ key }) => key)}
            />
          )
        }
      </Section>
    </div>
  );
}

function Form({
  screen,
  type,
  facilityId,
  makerIds,
}: {
  readonly screen: ReturnType<typeof useScreen<AdjustmentEntrySections>>;
  readonly type: Type;
  readonly facilityId: string;
  readonly makerIds: readonly string[];
}) {
  const { t } = useLingui();
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const sections = screen.data?.sections;
  const maker = useNames(sections?.names);
  const account = useAccountNames(maker);
  const [draft, setDraft] = useState<AdjustmentDraft>({
    ...{ entries: [newEntry(), newEntry()], debtor: '', beneficiary: '', amount: '' },
    ...{ lotId: '', measure: 'hours', values: {} },
  });
  const change = (part: Partial<AdjustmentDraft>) => setDraft({ ...draft, ...part });
  const [day, setDay] = useState(dayOf(new Date().toISOString()));
  const [reason, setReason] = useState('');
  const used = sections?.accounts?.data?.items.map(({ code }) => code) ?? [];
  const codes = new Set([
    ...[`facility:${facilityId}:earnings`, `state:pnbp@${facilityId}`], // which may not have been used yet
    ...used.filter((code) => !/-pending$/.test(code)),
    ...makerIds.flatMap((makerId) => OF_MAKERS.map((purpose) => `maker:${makerId}:${purpose}`)),
  ]);
  return (
    <div className={kit.form}>
      {type === 'obligation' ? (
        <>
          <Field
            label={t`Pembuat`}
            value={draft.debtor}
            choices={[
              { value: '', label: t`Pilih pembuat` },
              ...makerIds.map((makerId) => ({ value: makerId, label: maker(makerId) })),
            ]}
            onChange={(debtor) => change({ debtor })}
          />
          <Field
            label={t`Kepada penerima`}
            note={t`seperti dalam perjanjian, misalnya restitution`}
            value={draft.beneficiary}
            required
            onChange={(beneficiary) => change({ beneficiary })}
          />
          <Field
            label={t`Jumlah dalam rupiah`}
            note={t`dengan minus di depan: dibebaskan`}
            value={draft.amount}
            required
            onChange={(amount) => change({ amount })}
          />
        </>
      ) : type === 'contributions' ? (
        <>
          <Field label={t`Lot`} value={draft.lotId} required onChange={(lotId) => change({ lotId })} />
          <Field
            label={t`Kerja diukur dengan`}
            value={draft.measure}
            choices={choices('measure')}
            onChange={(measure) => change({ measure: measure as LotDraft['measure'] })}
          />
          <TeamFields
            team={makerIds.map((makerId) => ({ makerId }))}
            measure={draft.measure}
            values={draft.values}
            maker={maker}
            onChange={(values) => change({ values })}
          />
        </>
      ) : (
        <>
          {draft.entries.map((entry, index) => {
            const number = index + 1;
            const set = (part: Partial<typeof entry>) =>
              change({ entries: draft.entries.map((each) => (each === entry ? { ...each, ...part } : each)) });
            return (
              <fieldset key={entry.key} className={kit.fields}>
                <legend>
                  <Trans>Ayat {number}</Trans>
                </legend>
                <Field
                  label={t`Akun`}
                  value={entry.account}
                  choices={[
                    { value: '', label: t`Pilih akun` },
                    ...[...codes].map((code) => ({ value: code, label: account(code) })),
                  ]}
                  onChange={(code) => set({ account: code })}
                />
                <Field
                  label={t`Sisi`}
                  value={entry.side}
                  choices={choices('side')}
                  onChange={(side) => set({ side: side as 'debit' | 'credit' })}
                />
                <Field
                  label={t`Jumlah dalam rupiah`}
                  inputMode="numeric"
                  value={entry.amount}
                  required
                  onChange={(amount) => set({ amount })}
                />
              </fieldset>
            );
          })}
          <div className={kit.buttons}>
            <Button variant="default" onClick={() => change({ entries: [...draft.entries, newEntry()] })}>
              <Trans>Tambah ayat</Trans>
            </Button>
          </div>
        </>
      )}
      <Field label={t`Terjadi pada`} type="date" value={day} required onChange={setDay} />
      <Field label={t`Alasan`} value={reason} required onChange={setReason} />
      <div className={kit.buttons}>
        <Consequence
          verb={t`Usulkan`}
          title={t`Usulkan penyesuaian ini?`}
          deed={() => ({
            service: 'ledger',
            path: PATHS[type],
            body: { facilityId, occurredAt: instantOn(day), reason, ...bodyOf(type, draft) },
          })}
          onDone={(answer) => navigate(`/adjustments/${(answer as { adjustmentId: string }).adjustmentId}`)}
        >
          <Trans>
            Belum ada uang yang berpindah. Orang lain menyetujui atau menolaknya; sampai itu Anda dapat menariknya.
          </Trans>
        </Consequence>
      </div>
    </div>
  );
}
