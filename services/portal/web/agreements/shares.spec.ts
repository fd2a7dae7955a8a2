import { describe, expect, it } from '@jest/globals';
import { sharesOf } from './shares.ts';

describe('shares of an agreement', () => {
  it('are read off its steps, basis points as a ratio', () => {
    const definition = {
      sale: {
        steps: [
          { id: 'reserve', take: { rate: { num: 1, den: 3 } }, to: 'beneficiary:fund' },
          {
            id: 'shares',
            take: 'rest',
            to: [
              { to: 'makers', rate: { bp: 5000 } },
              { to: 'state', rate: { bp: 1500 } },
            ],
          },
        ],
      },
    };
    expect(sharesOf(definition)).toEqual([
      { step: 'reserve', to: 'beneficiary:fund', rate: { num: 1, den: 3 } },
      { step: 'shares', to: 'makers', rate: { num: 5000, den: 10_000 } },
      { step: 'shares', to: 'state', rate: { num: 1500, den: 10_000 } },
    ]);
  });

  it('one who takes what is left has the rest', () => {
    expect(sharesOf({ sale: { steps: [{ id: 'all', take: 'rest', to: 'facility' }] } })).toEqual([
      { step: 'all', to: 'facility', rate: 'rest' },
    ]);
    expect(sharesOf({})).toEqual([]);
  });
});
