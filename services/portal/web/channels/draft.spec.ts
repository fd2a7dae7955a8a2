import { describe, expect, it } from '@jest/globals';
import type { ChannelTerms } from '../api/answers.ts';
import { bodyOf, draftOf, noTerms, ratesOf } from './draft.ts';

const terms: ChannelTerms = {
  ...{ sellersPartOfDiscountBp: 5_050, shippingBorneBy: 'platform', returnWindowDays: 7, settlesWithinDays: 9 },
  fees: [
    { name: 'admin', bp: { A: 800, 'B C': 575, '*': 425 }, vatBp: 1_100 },
    { name: 'komisi', bp: 200, fixed: 1_000, min: 500, max: 50_000 },
    { name: 'pemrosesan', fixed: 1_250 },
  ],
  ...{ tolerance: { bp: 300, most: 5_000 }, outcomesTo: 'https://pasar.example/pasindo', sandbox: true },
};

describe('terms in a form', () => {
  it.each([
    ['all there is', terms],
    ['nothing', noTerms],
  ])('are what they were if nobody changes them: %s', (_, each) => {
    expect(bodyOf(draftOf(each, '2026-12-01'), 2)).toEqual({
      ...{ ...each, version: 2, effectiveFrom: '2026-12-01T00:00:00+07:00' },
    });
  });

  it('are written as people write them', () => {
    const { fees, sellersPartOfDiscount, tolerance, toleranceMost, ...draft } = draftOf(terms, '2026-12-01');
    expect([sellersPartOfDiscount, tolerance, toleranceMost]).toEqual(['50,5', '3', '5000']);
    expect([draft.returnWindow, draft.settlesWithin]).toEqual(['7', '9']);
    expect(draft.outcomesTo).toBe('https://pasar.example/pasindo');
    expect(fees.map(({ rate, vat }) => [rate, vat])).toEqual([
      ['A 8; B C 5,75; * 4,25', '11'],
      ['2', ''],
      ['', ''],
    ]);
  });
});

it.each([
  ['8', 800],
  ['5,75 %', 575],
  ['A 8; B 5.75;* 4,25', { A: 800, B: 575, '*': 425 }],
  ['A', 'A'],
  ['A 8; B', 'A 8; B'],
  ['A delapan', { A: 'delapan' }],
])('a rate of %j is %j: what is none is for the service to refuse', (text, rate) => {
  expect(ratesOf(text)).toEqual(rate);
});
