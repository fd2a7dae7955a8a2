import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountCodeOf, accountName, beancount } from './beancount.ts';

describe('an account’s name', () => {
  it.each([
    ['maker:M1:wages-pending', 'Liabilities:Maker-M1:Wages-pending'],
    ['maker:M1:receivable', 'Assets:Maker-M1:Receivable'],
    ['channel:blanja:fees@F1', 'Liabilities:Channel-blanja:Fees:Facility-F1'],
    ['facility:lapas-1:earnings', 'Liabilities:Facility-lapas-1:Earnings'],
    ['tax:pph22-withheld@F1', 'Assets:Tax:Pph22-withheld:Facility-F1'],
    ['state:pnbp@lapas_kelas.2a', 'Liabilities:State:Pnbp:Facility-lapas-u5F-kelas-u2E-2a'],
    ['suspense@F1', 'Liabilities:Suspense:Facility-F1'],
    ['bank:bni@F1', 'Assets:Bank-bni:Facility-F1'],
    ['maker:a-u20-b:wages', 'Liabilities:Maker-a-u2D-u20-b:Wages'],
    ['maker:x  y:wages', 'Liabilities:Maker-x-u20--u20-y:Wages'],
    ['maker:x\ny:gone', 'Liabilities:Other-maker-u3A-x-uA-y-u3A-gone'],
  ])('%s is %s', (code, name) => {
    expect(accountName(code, name.startsWith('Assets') ? 'asset' : 'liability')).toBe(name);
    expect(accountCodeOf(name)).toBe(code);
  });

  it('is one that beancount takes, and leads back to the code, whatever the id', () => {
    const id = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.stringMatching(/^[-u0-9A-F :@]+$/));
    const anyId = id.filter((text) => text.isWellFormed() && !/[:@\s]/.test(text));
    fc.assert(
      fc.property(anyId, anyId, (maker, facility) => {
        for (const code of [
          `maker:${maker}:wages-pending`,
          `state:pnbp@${facility}`,
          `facility:${facility}:earnings`,
        ]) {
          const name = accountName(code, 'liability');
          expect(name).toMatch(/^(Assets|Liabilities)(:[A-Z0-9][A-Za-z0-9-]*)+$/);
          expect(accountCodeOf(name)).toBe(code);
        }
      }),
    );
  });
});

it('a transaction names its journal, kind and source', () => {
  const journal = {
    journalId: '01a20cf3-901a-742c-b6c3-67d3862f404e',
    postedOn: '2026-01-05',
    kind: 'sale',
    sourceReference: 'blanja/"1"\\@F1',
    entries: [
      { account: 'channel:blanja:receivable@F1', class: 'asset' as const, amount: 5 },
      { account: 'maker:M1:wages-pending', class: 'liability' as const, amount: -5 },
    ],
  };
  expect(beancount.journal(journal)).toBe(`
2026-01-05 * "sale" "blanja/%221%22%5C@F1"
  journal: "01a20cf3-901a-742c-b6c3-67d3862f404e"
  Assets:Channel-blanja:Receivable:Facility-F1  5 IDR
  Liabilities:Maker-M1:Wages-pending  -5 IDR
`);
});
