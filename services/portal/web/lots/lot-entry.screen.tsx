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
import { asLastTime, keepDraft, keptDraft, type LotDraft, lotOf, teamFirst } from './draft.ts';
import { TeamFields } from './team-fields.tsx';

/** What an officer writes down when goods are finished. */
export default function LotEntryScreen() {
  const { t } = useLingui();
  const facilityId = useFacilityChoice(readFilters(useSearch(), ['facility']).facility);
  const screen = useScreen<LotEntrySections>('lot-entry', { facility: facilityId });
  return (
    <div className={kit.screen}>
      <Heading
        title={t`Catat lot`}
        about={<Trans>Yang sudah terjual tidak berubah lagi; untuk sisanya, lot dapat dikoreksi.</Trans>}
      >
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
  const { choices } = useGlossary();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const summary = useRef<HTMLDivElement>(null);
  const [key] = useState(() => crypto.randomUUID());
  const sections = screen.data?.sections;
  const title = useTitles(sections?.titles);
  const maker = useNames(sections?.names);
  const products = sections?.titles?.data?.items ?? [];
  const latest = sections?.latest?.data?.items ?? [];
  const [draft, setDraft] = useState<LotDraft>(
    () =>
      keptDraft(localStorage, facilityId) ?? {
        ...asLastTime(latest, latest[0]?.sku ?? products[0]?.sku ?? ''),
        quantity: '',
        madeOn: dayOf(new Date().toISOString()),
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
  const team = teamFirst(sections?.makers?.data?.items ?? [], latest, draft.sku);
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
        onChange={(sku) => change(asLastTime(latest, sku))}
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
      <TeamFields
        team={team}
        measure={draft.measure}
        values={draft.values}
        maker={maker}
        onChange={(values) => change({ values })}
      />
      {error && <ProblemSummary ref={summary} error={error} />}
      <div className={kit.actions}>
        <Button type="submit" size="lg" aria-disabled={saving.isPending}>
          {saving.isPending ? t`Sedang dikirim…` : t`Simpan`}
        </Button>
      </div>
    </form>
  );
}
