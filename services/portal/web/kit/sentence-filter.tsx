import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import styles from './kit.module.css';

/** What is shown, as a sentence whose phrases can be chosen. */
export function SentenceFilter({ children, label }: { readonly children: ReactNode; readonly label: string }) {
  return (
    <search aria-label={label}>
      <div className={styles.sentence}>{children}</div>
    </search>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface PhraseOf {
  /** What is chosen by it, for whoever does not see the sentence. */
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly Choice[];
  /** The phrase while nothing is chosen; none: something always is. */
  readonly unset?: string;
  readonly onChange: (value: string | undefined) => void;
}

/** A phrase of the sentence: the platform's own list, which every phone and screen reader knows, and a cross. */
export function Phrase({ label, value, choices, unset, onChange }: PhraseOf) {
  const { t } = useLingui();
  const isUnknown = value !== undefined && !choices.some((choice) => choice.value === value);
  return (
    <span className={styles.phrase} data-set={unset !== undefined && value !== undefined}>
      <select
        aria-label={label}
        value={value ?? ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
      >
        {unset !== undefined && <option value="">{unset}</option>}
        {isUnknown && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      {unset !== undefined && value !== undefined && (
        <button
          type="button"
          className={styles.clear}
          aria-label={t`Hapus saringan: ${label}`}
          onClick={() => onChange(undefined)}
        >
          ×
        </button>
      )}
    </span>
  );
}

interface WrittenPhraseOf {
  readonly label: string;
  readonly value: string | undefined;
  readonly unset: string;
  /** Of what is taken; without: anything. */
  readonly pattern?: string;
  readonly onChange: (value: string | undefined) => void;
}

/** A phrase that is typed, taken when one leaves it or presses Enter. */
export function WrittenPhrase({ label, value, unset, pattern, onChange }: WrittenPhraseOf) {
  const { t } = useLingui();
  const id = useId();
  const [typed, setTyped] = useState(value ?? '');
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setTyped(value ?? '');
  }
  const take = () => typed !== (value ?? '') && onChange(typed.trim() || undefined);
  return (
    <form
      className={styles.phrase}
      data-set={value !== undefined}
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <input
        id={id}
        type="search"
        value={typed}
        placeholder={unset}
        pattern={pattern}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={({ currentTarget }) => currentTarget.validity.valid && take()}
      />
      {value !== undefined && (
        <button
          type="button"
          className={styles.clear}
          aria-label={t`Hapus saringan: ${label}`}
          onClick={() => onChange(undefined)}
        >
          ×
        </button>
      )}
    </form>
  );
}
