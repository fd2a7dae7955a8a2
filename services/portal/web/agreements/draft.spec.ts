import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyOf, emptyDraft, exampleOf, nextOf, rateOf } from './draft.ts';

const agreement = (definition: object) => ({
  ...{ id: 'A', version: 1, status: 'approved', effectiveFrom: '2026-01-01T00:00:00Z', effectiveUntil: null },
  ...{ scope: { level: 'region', id: 'Bali' }, definition, problems: [], warnings: [] },
});

describe('an agreement in a form', () => {
  it('is the next version of one that there is, to the last limit that the form does not show', () => {
    const definition = {
      ...{ id: 'A', version: 1, basis: 'gross', source: 'SK 1', recovery: { num: 1, den: 3 } },
      floor: { amount: 500_000, per: 'month' },
      sale: {
        steps: [
          { id: 'fund', take: { rate: { bp: 250 } }, of: 'basis', max: 9_000, to: 'beneficiary:fund' },
          { id: 'piece', take: { perUnit: 1_000 }, to: 'facility' },
          { id: 'bands', take: { bands: [{ upTo: 10, rate: { bp: 1 } }, { rate: { bp: 2 } }] }, to: 'state' },
          {
            id: 'rest',
            take: 'rest',
            to: [
              { to: 'makers', rate: { bp: 6_000 } },
              { to: 'state', rate: { bp: 4_000 } },
            ],
          },
        ],
        caps: [{ id: 'both', rate: { bp: 3_000 }, steps: ['fund', 'piece'] }],
      },
      maker: {
        steps: [
          { id: 'own', take: { fixed: 50 }, per: 'week', to: 'savings' },
          { id: 'w', take: 'rest', to: 'wages' },
        ],
      },
    };
    expect(bodyOf(nextOf(agreement(definition), 2, '2026-12-01'))).toEqual({
      scope: { level: 'region', id: 'Bali' },
      effectiveFrom: '2026-12-01T00:00:00+07:00',
      definition: { ...definition, version: 2 },
    });
  });

  it('begins as the decree has it, and what is no number is left for the ledger to refuse', () => {
    const draft = emptyDraft('2026-12-01', 'F1');
    expect(bodyOf({ ...draft, id: 'B', level: 'national', scopeId: 'ignored', until: '2027-01-01' })).toEqual({
      scope: { level: 'national' },
      ...{ effectiveFrom: '2026-12-01T00:00:00+07:00', effectiveUntil: '2027-01-01T00:00:00+07:00' },
      definition: {
        ...{ id: 'B', version: 1, basis: 'net-of-costs', recovery: { bp: 5_000 } },
        sale: {
          steps: [
            {
              ...{ id: 'shares', take: 'rest' },
              to: [
                { to: 'makers', rate: { bp: 5_000 } },
                { to: 'facility', rate: { bp: 3_500 } },
                { to: 'state', rate: { bp: 1_500 } },
              ],
            },
          ],
        },
      },
    });
    expect([rateOf('12,5'), rateOf('0.25 %'), rateOf('2/7'), rateOf('half'), rateOf('')]).toEqual([
      { bp: 1_250 },
      { bp: 25 },
      { num: 2, den: 7 },
      { bp: 'half' },
      { bp: '' },
    ]);
  });

  it('any percentage of two decimals comes back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (bp) => {
        const definition = { basis: 'gross', recovery: { bp }, sale: { steps: [] } };
        expect(bodyOf(nextOf(agreement(definition), 2, '2026-12-01')).definition.recovery).toEqual({ bp });
      }),
    );
  });

  it('an example has a maker for each number of hours', () => {
    const example = {
      quantity: '2',
      unitPrice: '475.000',
      unitCost: '180 000',
      fees: '0',
      shipping: '0',
      hours: '32; 24,5;',
    };
    expect(exampleOf(example)).toMatchObject({
      ...{ quantity: 2, unitPrice: 475_000, unitCost: 180_000, measure: 'hours' },
      contributions: [
        { makerId: 'M-1', weight: '32' },
        { makerId: 'M-2', weight: '24.5' },
      ],
    });
  });
});
