import { expect, it } from '@jest/globals';
import { withoutCoMakers } from './co-makers.ts';

it('in an explanation of a maker’s line every other maker is one of the others, wherever the name stands', () => {
  const answer = {
    entry: { account: 'maker:M1:wages', amount: -5 },
    order: { saleId: 'blanja/M-10@F1' },
    lines: [{ chains: [{ makerId: 'M10', lots: [] }, { makerId: 'M1' }], debtor: 'maker:M1' }],
    owed: { 'maker:M10:receivable': 3, 'maker:M1:receivable': 4 },
    makers: [{ makerId: 'M1.b', premi: 7 }],
    sentence: { en: 'M1 made it with M10 and M1.b. M10, too, is paid.' },
  };
  expect(withoutCoMakers(answer, 'maker:M1:wages')).toEqual({
    entry: { account: 'maker:M1:wages', amount: -5 },
    order: { saleId: 'blanja/M-10@F1' },
    lines: [{ chains: [{ makerId: 'others', lots: [] }, { makerId: 'M1' }], debtor: 'maker:M1' }],
    owed: { 'maker:others:receivable': 3, 'maker:M1:receivable': 4 },
    makers: [{ makerId: 'others', premi: 7 }],
    sentence: { en: 'M1 made it with others and others. others, too, is paid.' },
  });
});

it('an explanation that names nobody else is as it was', () => {
  const answer = { entry: { account: 'maker:M1:wages' }, at: new Date(0) };
  expect(withoutCoMakers(answer, 'maker:M1:wages')).toBe(answer);
});
