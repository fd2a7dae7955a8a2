import { fault, type Judgement, type Kind, textKind } from './kind.ts';

/** One of some words. */
export function oneOf<const Choice extends string>(choices: readonly Choice[], description?: string): Kind<Choice> {
  return textKind<Choice>({ enum: choices, ...(description !== undefined && { description }) }, (text) =>
    choices.some((choice) => choice === text)
      ? undefined
      : fault('not-a-choice', `must be one of ${choices.join(', ')}`, `harus salah satu dari ${choices.join(', ')}`, {
          choices,
        }),
  );
}

const wrong = fault('not-a-flag', 'must be true or false', 'harus true atau false');

export const Flag: Kind<boolean> = {
  published: { type: 'boolean' },
  judge: (value): Judgement<boolean> => (typeof value === 'boolean' ? { value } : { fault: wrong }),
  read: (text): Judgement<boolean> =>
    text === 'true' || text === 'false' ? { value: text === 'true' } : { fault: wrong },
};
