import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { command } from '../api/api.ts';
import { Refused } from '../api/problem.ts';
import { useScreen } from '../api/screen.ts';
import type { LotEntrySections } from '../api/sections.ts';
import { dayOf } from '../kit/day.ts';
import { useFacilityChoice } from '../kit/facility-choice.ts';
import { Field } from '../kit/field.tsx';
import { readFilters } from '../kit/filters.ts';
import { useGlossary } from '../kit/glossary.tsx';
import { Heading } from '../kit/heading.tsx';
import kit from '../kit/kit.module.css';
import { useNames, useTitles } from '../kit/names.ts';
import { ProblemSummary } from '../kit/problem-summary.tsx';
import { Section } from '../kit/section.tsx';
import { keepDraft, keptDraft, type LotDraft, lotOf } from './draft.ts';
import styles from './lots.module.css';

/** What an officer writes down when goods are finished. */
export default function LotEntryScreen() {
  const { t } = useLingui();
  const facilityId = useFacilityChoice(readFilters(useSearch(), ['facility']).facility);
  const screen = useScreen<LotEntrySections>('lot-entry', { facility: facilityId });
  return (
    <div className={kit.screen}>
      <Heading title={t`Catat lot`} about={<Trans>Tidak dapat diubah setelah disimpan.</Trans>}>
        <Trans>Apa yang dibuat, dan siapa pembuatnya?</Trans>
      </Heading>
      <Section screen={screen} name="titles">
        {() => facilityId && <Form screen={screen} facilityId={facilityId} />}
      </Section>
    </div>
  );
}

function Form({
  screen,
  facilityId,
}: {
  readonly screen: ReturnType<typeof useScreen<LotEntrySections>>;
  readonly facilityId: string;
}) {
  const { t } = useLingui();
  const { word, choices } = useGlossary();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const summary = useRef<HTMLDivElement>(null);
  const [key] = useState(() => crypto.randomUUID());
  const sections = screen.data?.sections;
  const title = useTitles(sections?.titles);
  const maker = useNames(sections?.names);
  const products = sections?.titles?.data?.items ?? [];
  const last = sections?.last?.data?.items[0];
  const [draft, setDraft] = useState<LotDraft>(
    () =>
      keptDraft(localStorage, facilityId) ?? {
        sku: last?.sku ?? products[0]?.sku ?? '',
        quantity: '',
        unitCost: last ? String(last.unitCost) : '',
        madeOn: dayOf(new Date().toISOString()),
        measure: (last?.measure as LotDraft['measure'] | undefined) ?? 'hours',
        values: Object.fromEntries(last?.contributions.map(({ makerId }) => [makerId, '']) ?? []),
      },
  );
  const change = (part: Partial<LotDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(localStorage, facilityId, next);
  };
  const saving = useMutation({
    mutationFn: () => command('catalogue', 'lots', lotOf(draft), key),
    onSuccess: async () => {
      keepDraft(localStorage, facilityId, undefined);
      await client.invalidateQueries({ queryKey: ['screen'] });
      navigate('/lots');
    },
  });
  const { error } = saving;
  useEffect(() => {
    if (error) summary.current?.focus();
  }, [error]);
  const wrong = (field: string) =>
    error instanceof Refused ? error.problem.errors?.find((each) => each.field === field)?.message : undefined;
  const team = sections?.makers?.data?.items ?? [];
  return (
    <form
      className={kit.form}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Field
        label={t`Produk`}
        value={draft.sku}
        choices={products.map(({ sku }) => ({ value: sku, label: title(sku) }))}
        error={wrong('sku')}
        onChange={(sku) => change({ sku })}
      />
      <Field
        label={t`Berapa buah`}
        inputMode="numeric"
        required
        value={draft.quantity}
        error={wrong('quantity')}
        onChange={(quantity) => change({ quantity })}
      />
      <Field
        label={t`Biaya produksi sebuah, dalam rupiah`}
        inputMode="numeric"
        required
        value={draft.unitCost}
        error={wrong('unitCost')}
        onChange={(unitCost) => change({ unitCost })}
      />
      <Field
        label={t`Selesai pada`}
        type="date"
        required
        value={draft.madeOn}
        error={wrong('madeOn')}
        onChange={(madeOn) => change({ madeOn })}
      />
      <Field
        label={t`Kerja diukur dengan`}
        value={draft.measure}
        choices={choices('measure')}
        onChange={(measure) => change({ measure: measure as LotDraft['measure'] })}
      />
      <fieldset className={styles.team}>
        <legend>
          <Trans>Siapa yang membuatnya</Trans>
        </legend>
        {team.map(({ makerId }) => {
          const value = draft.values[makerId] ?? '';
          const set = (to: string) => change({ values: { ...draft.values, [makerId]: to } });
          return draft.measure === 'equal' ? (
            <label key={makerId} className={styles.member}>
              <span>{maker(makerId)}</span>
              <input
                type="checkbox"
                checked={value !== ''}
                onChange={({ currentTarget }) => set(currentTarget.checked ? '1' : '')}
              />
            </label>
          ) : (
            <label key={makerId} className={styles.member}>
              <span>{maker(makerId)}</span>
              <span>
                <input inputMode="decimal" value={value} onChange={({ currentTarget }) => set(currentTarget.value)} />{' '}
                {word('measure', draft.measure)}
              </span>
            </label>
          );
        })}
      </fieldset>
      {error && <ProblemSummary ref={summary} error={error} />}
      <div className={kit.actions}>
        <Button type="submit" size="lg" aria-disabled={saving.isPending}>
          {saving.isPending ? t`Sedang dikirim…` : t`Simpan`}
        </Button>
      </div>
    </form>
  );
}
