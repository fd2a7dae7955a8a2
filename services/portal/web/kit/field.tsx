import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import styles from './kit.module.css';

interface FieldOf {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly note?: ReactNode;
  /** What the service said about it. */
  readonly error?: string | undefined;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

/** One thing to fill in, with its name above it and what is wrong below. */
export function Field({
  label,
  value,
  onChange,
  note,
  error,
  choices,
  ...input
}: FieldOf & Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'>) {
  const id = useId();
  const described = [note && `${id}-note`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {note && (
        <span id={`${id}-note`} className={styles.why}>
          {note}
        </span>
      )}
      {choices ? (
        <select
          id={id}
          value={value}
          aria-describedby={described}
          aria-invalid={Boolean(error)}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          value={value}
          aria-describedby={described}
          aria-invalid={Boolean(error)}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          {...input}
        />
      )}
      {error && (
        <span id={`${id}-error`} className={styles.fieldError}>
          {error}
        </span>
      )}
    </div>
  );
}
