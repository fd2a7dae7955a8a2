import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type OrderLine, type ProductStock, reserve, type StockLot } from './reservation.ts';

const lot = (lotId: string, free: number): StockLot => ({
  lotId,
  free,
  unitCost: 1_000,
  measure: 'hours',
  contributions: [{ makerId: 'M1', weight: '7.5' }],
});
const line = (lineRef: string, sku: string, quantity: number): OrderLine => ({ lineRef, sku, quantity });
const stockOf = (lots: Record<string, StockLot[]>) =>
  new Map<string, ProductStock>(
    Object.entries(lots).map(([sku, each]) => [sku, { facilityId: 'F1', region: 'Bali', lots: each }]),
  );

const freeOf = (stock: ReadonlyMap<string, ProductStock>) =>
  [...stock.values()].flatMap(({ lots }) => lots.map(({ lotId, free }) => [lotId, free]));

describe('reserve', () => {
  it('takes the first lots first, with all that was known of them', () => {
    const stock = stockOf({ bag: [lot('L1', 2), lot('L2', 5)] });
    expect(reserve([line('1', 'bag', 3)], stock)).toEqual({
      lines: [
        {
          lineRef: '1',
          sku: 'bag',
          facilityId: 'F1',
          region: 'Bali',
          portions: [
            {
              lotId: 'L1',
              quantity: 2,
              unitCost: 1_000,
              measure: 'hours',
              contributions: [{ makerId: 'M1', weight: '7.5' }],
            },
            {
              lotId: 'L2',
              quantity: 1,
              unitCost: 1_000,
              measure: 'hours',
              contributions: [{ makerId: 'M1', weight: '7.5' }],
            },
          ],
        },
      ],
    });
    expect(freeOf(stock)).toEqual([
      ['L1', 0],
      ['L2', 4],
    ]);
  });

  it('lets two lines of one SKU share its lots', () => {
    const stock = stockOf({ bag: [lot('L1', 2), lot('L2', 5)] });
    const outcome = reserve([line('1', 'bag', 1), line('2', 'bag', 2)], stock);
    const takings = 'lines' in outcome ? outcome.lines.map(({ portions }) => portions.map((each) => each.lotId)) : [];
    expect(takings).toEqual([['L1'], ['L1', 'L2']]);
  });

  it('holds nothing of an order that lacks one line, and names that line', () => {
    const stock = stockOf({ bag: [lot('L1', 2)], belt: [lot('L2', 1)] });
    expect(reserve([line('1', 'bag', 2), line('2', 'belt', 2)], stock)).toEqual({
      rejection: { reason: 'out-of-stock', lineRef: '2', sku: 'belt' },
    });
    expect(freeOf(stock)).toEqual([
      ['L1', 2],
      ['L2', 1],
    ]);
  });

  it('says unknown-sku before out-of-stock', () => {
    const stock = stockOf({ bag: [] });
    expect(reserve([line('1', 'bag', 1), line('2', 'ghost', 1), line('3', 'spectre', 1)], stock)).toEqual({
      rejection: { reason: 'unknown-sku', lineRef: '2', sku: 'ghost' },
    });
  });

  it('does not know goods that are not listed, whatever they are called', () => {
    const stock = stockOf({ bag: [lot('L1', 2)] });
    expect(reserve([{ ...line('1', 'bag', 1), unlisted: true }], stock)).toEqual({
      rejection: { reason: 'unknown-sku', lineRef: '1', sku: 'bag' },
    });
  });

  it('never sells a piece twice, loses none, and skips no older lot', () => {
    const skus = ['a', 'b', 'c'];
    const quantities = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 });
    const orders = fc.array(
      fc.array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 8 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.tuple(quantities, quantities, quantities), orders, (free, all) => {
        const stock = stockOf(
          Object.fromEntries(skus.map((sku, s) => [sku, (free[s] ?? []).map((n, i) => lot(`${sku}${i}`, n))])),
        );
        const before = new Map(freeOf(stock) as [string, number][]);
        const taken = new Map<string, number>();
        for (const order of all) {
          const lines = order.map(({ sku, quantity }, index) => line(String(index), sku, quantity));
          const freeBefore = freeOf(stock);
          const outcome = reserve(lines, stock);
          if ('rejection' in outcome) {
            expect(freeOf(stock)).toEqual(freeBefore);
            continue;
          }
          for (const [index, { portions }] of outcome.lines.entries()) {
            expect(portions.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(lines[index]?.quantity);
            for (const { lotId, quantity } of portions) taken.set(lotId, (taken.get(lotId) ?? 0) + quantity);
          }
        }
        for (const [lotId, left] of freeOf(stock) as [string, number][]) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left + (taken.get(lotId) ?? 0)).toBe(before.get(lotId));
        }
        for (const { lots } of stock.values()) {
          const touched = lots.map(({ lotId }) => taken.has(lotId));
          const last = touched.lastIndexOf(true);
          expect(lots.slice(0, Math.max(last, 0)).every(({ free: left }) => left === 0)).toBe(true);
        }
      }),
    );
  });
});
