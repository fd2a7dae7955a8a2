import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReservedLine } from '../orders/order.ts';
import type { OrderLine } from '../orders/order-lines.ts';
import { settledPart } from './settled-part.ts';

const terms = {
  sellersPartOfDiscountBp: 10_000,
  shippingBorneBy: 'seller',
  fees: [],
  tolerance: { bp: 300, most: 5_000 },
} as const;
const FACILITIES = ['F1', 'F2', 'F3'];

const lineOf = (unitPrice: number, index: number): OrderLine => ({
  ...{ lineRef: `${index}`, sku: 'x', quantity: 1, unitPrice, discount: 0, fees: 0, shipping: 0, tax: 0 },
});
const reservedAt = (facilityId: string, index: number): ReservedLine => {
  return { lineRef: `${index}`, facilityId, portions: [] } as unknown as ReservedLine;
};
const amounts = fc.record({
  revenue: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fee: fc.integer({ min: -90_000, max: 90_000 }),
  shipping: fc.integer({ min: -9_000, max: 9_000 }),
  withheldTax: fc.nat(9_000),
});

it('what an order is settled for goes to its sales to the rupiah, and each part is paid out what remains of it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300_000), { minLength: 3, maxLength: 6 }),
      amounts,
      fc.constantFrom('all', 'part'),
      (prices, reported, settles) => {
        const { revenue, fee, shipping, withheldTax } = reported;
        const paidOut = revenue - fee - shipping - withheldTax;
        const report = {
          settlementId: 'c/o~s',
          orderId: 'c/o',
          bank: 'bri',
          settledAt: '2026-03-06T00:00:00Z',
          settles,
        } as const;
        const lines = prices.map(lineOf);
        const reserved = prices.map((_, index) => reservedAt(FACILITIES[index % 3] as string, index));
        const parts = FACILITIES.map((facility) =>
          settledPart({ ...report, ...reported, paidOut }, facility, lines, reserved, terms),
        );
        const sumOf = (of: 'revenue' | 'fee' | 'shipping' | 'withheldTax' | 'paidOut' | 'tolerance') =>
          parts.reduce((sum, part) => sum + (part[of] ?? 0), 0);
        expect([sumOf('revenue'), sumOf('fee'), sumOf('shipping'), sumOf('withheldTax'), sumOf('paidOut')]).toEqual([
          ...[revenue, fee, shipping, withheldTax, paidOut],
        ]);
        const price = prices.reduce((sum, each) => sum + each, 0);
        expect(sumOf('tolerance')).toBe(settles === 'all' ? Math.min(Math.floor((price * 300) / 10_000), 5_000) : 0);
        for (const part of parts) {
          expect(part.revenue).toBe((part.paidOut ?? 0) + part.fee + part.shipping + part.withheldTax);
        }
        expect(settledPart({ ...report, ...reported, paidOut, facilityId: 'F2' }, 'F2', lines, reserved)).toMatchObject(
          reported,
        );
      },
    ),
  );
});
