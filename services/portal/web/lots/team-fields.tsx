import { Trans } from '@lingui/react/macro';
import { useGlossary } from '../kit/glossary.tsx';
import type { LotDraft } from './draft.ts';
import styles from './lots.module.css';

/** What each of a team did, in a measure; among equals, who was in it. */
export function TeamFields({
  team,
  measure,
  values,
  maker,
  onChange,
}: {
  readonly team: readonly { readonly makerId: string }[];
  readonly measure: LotDraft['measure'];
  readonly values: LotDraft['values'];
  readonly maker: (makerId: string) => string;
  readonly onChange: (values: LotDraft['values']) => void;
}) {
  const { word } = useGlossary();
  return (
    <fieldset className={styles.team}>
      <legend>
        <Trans>Siapa yang membuatnya</Trans>
      </legend>
      {team.map(({ makerId }) => {
        const value = values[makerId] ?? '';
        const set = (to: string) => onChange({ ...values, [makerId]: to });
        return measure === 'equal' ? (
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
              {word('measure', measure)}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
