import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RealBooks } from './real-books.ts';
import { ReferenceBooks, type SaleKey } from './reference-books.ts';
import { agreements, type Happening, happenings } from './scenario.ts';

let real: RealBooks;

beforeAll(async () => {
  real = await RealBooks.open();
});
afterAll(() => real.close());

type Item = Awaited<ReturnType<RealBooks['payOut']>>[number];
interface SoldLine {
  readonly key: SaleKey;
  readonly lineRef: string;
  readonly price: number;
  refunded: number;
}

/** Lets the same happen in both books. */
class Both {
  readonly #reference: ReferenceBooks;
  readonly #sales: SaleKey[] = [];
  readonly #lines: SoldLine[] = [];
  readonly #items: Item[] = [];

  constructor(reference: ReferenceBooks) {
    this.#reference = reference;
  }

  /** @returns whether there was anything that it could be about */
  async happens(happening: Happening): Promise<boolean> {
    switch (happening.kind) {
      case 'sale': {
        const { facilityId, placedAt, lines } = happening;
        const key = { channel: 'blanja', orderRef: `O${this.#sales.length}`, facilityId };
        this.#sales.push(key);
        for (const { lineRef, unitPrice, quantity, discount } of lines) {
          this.#lines.push({ key, lineRef, price: unitPrice * quantity - discount, refunded: 0 });
        }
        this.#reference.sell({ ...key, lines }, placedAt);
        await real.sell(real.saleEvent({ ...key, lines }, placedAt));
        return true;
      }
      case 'refund': {
        const line = pickOf(this.#lines, happening.line);
        if (line === undefined) return false;
        const amount = Math.floor(((line.price - line.refunded) * happening.percent) / 100);
        line.refunded += amount;
        const whole = amount + happening.goodwill;
        this.#reference.refund(line.key, line.lineRef, whole, happening.units);
        await real.refund(real.refundEvent(line.key, line.lineRef, whole, happening.units));
        return true;
      }
      case 'settlement': {
        const key = pickOf(this.#sales, happening.sale);
        if (key === undefined) return false;
        const { fee, shipping, withheldTax } = happening;
        this.#reference.settle(key, { fee, shipping, withheldTax, bank: 'bri' });
        await real.settle(real.settlementEvent(key, { fee, shipping, withheldTax, bank: 'bri' }));
        return true;
      }
      case 'payout': {
        const payable = this.#reference.payable(happening.facilityId);
        if (payable.length === 0) return false;
        const items = await real.payOut(happening.facilityId);
        expect(items.map(({ account, amount }) => ({ account, amount }))).toEqual(payable);
        for (const { account, amount } of items) this.#reference.reserve(happening.facilityId, account, amount);
        this.#items.push(...items);
        return true;
      }
      case 'answer': {
        const item = pickOf(this.#items, happening.item);
        if (item === undefined) return false;
        this.#items.splice(this.#items.indexOf(item), 1);
        const { facilityId, account, amount } = item;
        if (happening.isPaid) this.#reference.pay(facilityId, 'bri', account, amount);
        else this.#reference.reserve(facilityId, account, -amount);
        await real.answer(item, happening.isPaid);
        return true;
      }
      case 'contributions':
        this.#reference.record(happening.facilityId, happening.lot);
        await real.record(happening.facilityId, happening.lot);
        return true;
      case 'transfer':
      case 'release': {
        const { kind, makerId, facilityId } = happening;
        if (this.#reference.isMerged(makerId)) return false;
        this.#reference[kind](makerId, facilityId);
        await real.happensTo(makerId, facilityId, { type: kind, content: {} });
        return true;
      }
      case 'merge': {
        const { makerId, into } = happening;
        if (!this.#reference.canMerge(makerId, into)) return false;
        this.#reference.merge(makerId, into);
        await real.happensTo(makerId, 'F1', { type: 'merge', content: { into } });
        return true;
      }
      case 'obligation':
        this.#reference.impose(happening.makerId, 'beneficiary:restitution', happening.amount);
        await real.impose(happening.makerId, 'beneficiary:restitution', happening.amount);
        return true;
    }
  }
}

function pickOf<Each>(all: readonly Each[], which: number): Each | undefined {
  return all[which % Math.max(1, all.length)];
}

describe('the books and a slow reference model of golden.md', () => {
  it.each(['no own steps', 'own steps'] as const)('agree on every account after every step: %s', async (own) => {
    await fc.assert(
      fc.asyncProperty(agreements(own), happenings, async (agreement, all) => {
        await real.startAgain(agreement);
        const reference = new ReferenceBooks(agreement);
        const both = new Both(reference);
        for (const happening of all) {
          if (!(await both.happens(happening))) continue;
          expect(await real.balances()).toEqual(reference.balances);
        }
        expect(await real.faults()).toEqual([]);
      }),
      { numRuns: 20, endOnFailure: true }, // to shrink it would take longer than the test may: its seed and path say what it was
    );
  });
});
