import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import type { Finding } from '../api/answers.ts';
import { useLanguage } from '../frame/language.tsx';
import { Field } from '../kit/field.tsx';
import { useGlossary } from '../kit/glossary.tsx';
import kit from '../kit/kit.module.css';
import { newStep, type ShareDraft, type StepDraft } from './draft.ts';

const TO_BENEFICIARY = 'beneficiary:';

/** Steps of one level, each with what the ledger says against it. */
export function Steps({
  title,
  steps,
  destinations,
  problems,
  onChange,
}: {
  readonly title: string;
  readonly steps: readonly StepDraft[];
  readonly destinations: readonly [string, ...string[]];
  readonly problems: readonly Finding[];
  readonly onChange: (steps: readonly StepDraft[]) => void;
}) {
  return (
    <fieldset className={kit.fields}>
      <legend>{title}</legend>
      {steps.map((step, index) => (
        <StepFields
          key={step.key}
          step={step}
          number={index + 1}
          destinations={destinations}
          problems={problems.filter((problem) => problem.step === step.id)}
          onChange={(changed) => onChange(steps.map((each) => (each === step ? changed : each)))}
          onRemove={() => onChange(steps.filter((each) => each !== step))}
        />
      ))}
      <div className={kit.buttons}>
        <Button variant="default" onClick={() => onChange([...steps, newStep(destinations[0])])}>
          <Trans>Tambah langkah</Trans>
        </Button>
      </div>
    </fieldset>
  );
}

function StepFields({
  step,
  number,
  destinations,
  problems,
  onChange,
  onRemove,
}: {
  readonly step: StepDraft;
  readonly number: number;
  readonly destinations: readonly [string, ...string[]];
  readonly problems: readonly Finding[];
  readonly onChange: (step: StepDraft) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useLingui();
  const { words } = useLanguage();
  const { choices, word } = useGlossary();
  const change = (part: Partial<StepDraft>) => onChange({ ...step, ...part });
  const shares = (to: readonly ShareDraft[]) => change({ to });
  const kept = Object.keys(step.kept)
    .filter((member) => member !== 'take')
    .map((member) => word('limit', member))
    .join(', ');
  const takes = choices('take').filter(({ value }) => value !== 'bands' || step.take === 'bands');
  return (
    <fieldset className={kit.fields}>
      <legend>
        <Trans>Langkah {number}</Trans>
      </legend>
      <Field label={t`Nama langkah`} value={step.id} required onChange={(id) => change({ id })} />
      <Field
        label={t`Mengambil`}
        value={step.take}
        choices={takes}
        onChange={(take) => change({ take: take as StepDraft['take'] })}
      />
      {(step.take === 'rate' || step.take === 'fixed' || step.take === 'perUnit') && (
        <Field
          label={step.take === 'rate' ? t`Berapa persen` : t`Berapa rupiah`}
          inputMode="decimal"
          value={step.amount}
          required
          onChange={(amount) => change({ amount })}
        />
      )}
      {step.to.map((share, index) => (
        <Destination
          // biome-ignore lint/suspicious/noArrayIndexKey: shares have no name of their own, and are not moved
          key={index}
          share={share}
          isOne={step.to.length === 1}
          destinations={destinations}
          onChange={(changed) => shares(step.to.with(index, changed))}
          onRemove={() => shares(step.to.toSpliced(index, 1))}
        />
      ))}
      {kept && (
        <p className={kit.why}>
          <Trans>Tetap seperti versi asalnya: {kept}.</Trans>
        </p>
      )}
      {problems.length > 0 && (
        <ul className={kit.problem} aria-live="polite">
          {problems.map(({ message }) => (
            <li key={message.id}>{words(message)}</li>
          ))}
        </ul>
      )}
      <div className={kit.buttons}>
        <Button variant="default" onClick={() => shares([...step.to, { to: destinations[0], rate: '' }])}>
          <Trans>Bagi lagi</Trans>
        </Button>
        <Button variant="default" onClick={onRemove}>
          <Trans>Hapus langkah {number}</Trans>
        </Button>
      </div>
    </fieldset>
  );
}

function Destination({
  share,
  isOne,
  destinations,
  onChange,
  onRemove,
}: {
  readonly share: ShareDraft;
  readonly isOne: boolean;
  readonly destinations: readonly string[];
  readonly onChange: (share: ShareDraft) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useLingui();
  const { word } = useGlossary();
  const isBeneficiary = share.to.startsWith(TO_BENEFICIARY);
  return (
    <div className={kit.inline}>
      <Field
        label={t`Kepada`}
        value={isBeneficiary ? 'beneficiary' : share.to}
        choices={destinations.map((value) => ({ value, label: word('destination', value) }))}
        onChange={(to) => onChange({ ...share, to: to === 'beneficiary' ? TO_BENEFICIARY : to })}
      />
      {isBeneficiary && (
        <Field
          label={t`Penerima`}
          value={share.to.slice(TO_BENEFICIARY.length)}
          required
          onChange={(id) => onChange({ ...share, to: TO_BENEFICIARY + id })}
        />
      )}
      {!isOne && (
        <>
          <Field
            label={t`Persen`}
            inputMode="decimal"
            value={share.rate}
            required
            onChange={(rate) => onChange({ ...share, rate })}
          />
          <Button variant="default" onClick={onRemove} aria-label={t`Hapus bagian ${word('destination', share.to)}`}>
            ×
          </Button>
        </>
      )}
    </div>
  );
}
