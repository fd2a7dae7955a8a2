import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exactPart, isRounded, partsOf } from './withdrawal.ts';

const withdrawal = (amount: number) => ({
  ...{ withdrawalId: 'shopee/-~Withdrawal 1', channel: 'shopee', wallet: 'shopee-wallet', bank: 'bri', amount },
  withdrawnAt: '2026-03-08T03:00:00Z',
});
const inWallet = (...balances: number[]) =>
  balances.map((balance, index) => ({ facilityId: `F${index + 1}`, balance }));

it('each book gives by what it has in the wallet, to the rupiah, and never more', () => {
  const parts = partsOf(withdrawal(100_000), inWallet(100_000, 50_000, 0, 1)) ?? [];
  expect(parts.map(({ facilityId, balance, total, part }) => [facilityId, balance, total, part])).toEqual([
    ['F1', 100_000, 150_001, 66_666],
    ['F2', 50_000, 150_001, 33_333],
    ['F4', 1, 150_001, 1],
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50_000, max: 900_000 }), { minLength: 1, maxLength: 8 }),
      fc.nat(2_000_000),
      (balances, amount) => {
        const whole = balances.reduce((sum, balance) => sum + balance, 0);
        const found = partsOf(withdrawal(amount), inWallet(...balances));
        if (amount > whole) return expect(found).toBeUndefined();
        expect(found?.reduce((sum, { part }) => sum + part, 0)).toBe(amount);
        for (const each of found ?? []) {
          expect(each.part).toBeGreaterThan(0);
          expect(each.part).toBeLessThanOrEqual(each.balance);
          expect(isRounded(each)).toBe(true);
          expect(isRounded({ ...each, part: each.part + 2 })).toBe(false);
          expect(exactPart(each).whole).toBeLessThanOrEqual(each.part);
        }
      },
    ),
  );
});

it('what nobody can be credited for yet is withdrawn last', () => {
  const wallet = [...inWallet(30_000), { facilityId: 'unallocated', balance: 70_000 }];
  expect(partsOf(withdrawal(30_000), wallet)).toMatchObject([{ facilityId: 'F1', total: 30_000, part: 30_000 }]);
  expect(partsOf(withdrawal(50_000), wallet)).toMatchObject([
    { facilityId: 'F1', total: 100_000, part: 15_000 },
    { facilityId: 'unallocated', part: 35_000 },
  ]);
});

it('what one book owes a wallet is not there for the others', () => {
  expect(partsOf(withdrawal(60_000), inWallet(100_000, -50_000))).toBeUndefined();
  expect(partsOf(withdrawal(50_000), inWallet(100_000, -50_000))).toMatchObject([{ facilityId: 'F1', part: 50_000 }]);
  expect(partsOf(withdrawal(1), [])).toBeUndefined();
});
