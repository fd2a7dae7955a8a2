import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Checkout,
  LineRef,
  LotId,
  MakerId,
  OrderRef,
  orderIdOf,
  type SettlementConfirmed,
  salePaid,
  saleRefunded,
  saleSettled,
} from '#libs/contracts';
import { Problem } from '#libs/http';
import { floorOfProduct } from '#libs/money';
import { faultsOf as catalogueFaultsOf } from '../../services/catalogue/import/rules.ts';
import type { AdjustmentEntry } from '../../services/ledger/decisions/adjustments/adjustment.ts';
import type { Agreement } from '../../services/ledger/sharing/agreements/agreement.ts';
import { agreementFrom } from '../../services/ledger/sharing/agreements/lint.ts';
import type { SalePortion } from '../../services/ledger/sharing/waterfall/sale.ts';
import type { Terms } from '../../services/orders/channels/terms.ts';
import { faultsOf as checkoutFaultsOf } from '../../services/orders/checkouts/rules.ts';
import { orderLinesOf, priceOf } from '../../services/orders/orders/order-lines.ts';
import { settledPart } from '../../services/orders/settlements/settled-part.ts';
import { faultsOf as settlementFaultsOf } from '../../services/payments/settlements/settlement.ts';
import { RealBooks } from './real-books.ts';
import { agreements } from './scenario.ts';

/*
 * Whatever the doors take can be shared and booked. What is generated here is as large, as long and as strange as the
 * doors allow; each door judges it by its own code, and what it takes goes through the real ledger, where nothing of it
 * may fail or be refused.
 */

let real: RealBooks;

beforeAll(async () => {
  real = await RealBooks.open();
});
afterAll(() => real.close());

const LARGEST = Number.MAX_SAFE_INTEGER;
const FACILITIES = ['F1', 'z'.repeat(60)];
const MAKERS = ['M1', 'm1', `N${'._-'.repeat(19)}9`];
const CHANNEL = 'c'.repeat(40);
/** What checkouts say, and all of it the seller. */
const TERMS: Terms = { sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller', fees: [] };
const placedAt = '2026-01-20T03:00:00.000Z';

const reference = (kind: typeof OrderRef) =>
  fc
    .oneof(
      fc.constantFrom(
        '1',
        '꧐'.repeat(100),
        '🧵'.repeat(75),
        '%'.repeat(100),
        'a/b#c@d~e:f|g',
        '{"a":1}',
        '=1+1',
        '__proto__',
      ),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    )
    .filter((text) => kind.read(text).fault === undefined);
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const partOf = (whole: number, part: number) => Math.min(whole, Math.floor(whole * part));
const money = fc.oneof(fc.nat(100), fc.nat(), fc.maxSafeNat(), fc.constant(LARGEST));

/** Lines, fees and shipping around a sum that may be the largest there is: the door says which are within. */
const checkouts = fc
  .record({
    orderRef: reference(OrderRef),
    all: money,
    shares: fc.tuple(share, share, share),
    more: fc.tuple(fc.option(money), fc.option(money)),
    lines: fc.uniqueArray(
      fc.record({
        lineRef: reference(LineRef),
        quantity: fc.oneof(fc.integer({ min: 1, max: 7 }), fc.constant(1_000_000_000)),
        figures: fc.tuple(share, share, share),
      }),
      { minLength: 1, maxLength: 3, selector: ({ lineRef }) => lineRef },
    ),
  })
  .map(({ orderRef, all, shares: [fee, ship, off], more: [otherFees, otherShipping], lines }): Checkout => {
    const fees = partOf(all, fee);
    const shipping = partOf(all - fees, ship);
    let left = all - fees - shipping;
    const sold = lines.map(({ lineRef, quantity, figures: [price, discounted, taxed] }) => {
      const unitPrice = Math.floor(partOf(left, price) / quantity);
      left -= unitPrice * quantity;
      const discount = partOf(unitPrice * quantity, discounted);
      return {
        lineRef,
        sku: 'any',
        quantity,
        unitPrice,
        discount,
        tax: partOf(unitPrice * quantity - discount, taxed),
      };
    });
    const discount = partOf(
      sold.reduce((sum, line) => sum + priceOf(line), 0),
      off,
    );
    return {
      ...{ channel: CHANNEL, orderRef, placedAt, lines: sold, discount },
      ...{ fees: otherFees ?? fees, shipping: otherShipping ?? shipping },
    };
  })
  .filter((checkout) => checkoutFaultsOf(checkout, () => TERMS).length === 0);

const weight = fc.oneof(
  fc.constantFrom('0', '1', '999999999999.999', '0.001'),
  fc.nat(9_999).map((each) => `${each}.5`),
);
const contributions = fc.uniqueArray(fc.record({ makerId: fc.constantFrom(...MAKERS), weight }), {
  maxLength: 3,
  selector: ({ makerId }) => makerId,
});
const lots = fc.uniqueArray(
  fc.record({
    lotId: reference(LotId),
    cost: share,
    measure: fc.constantFrom('hours' as const, 'pieces' as const, 'weight' as const, 'equal' as const),
    contributions,
  }),
  { minLength: 1, maxLength: 2, selector: ({ lotId }) => lotId },
);

/** Of the model's agreements, with amounts up to the largest. */
const anyAgreement = fc
  .tuple(fc.oneof(agreements('own steps'), agreements('no own steps')), fc.constantFrom(1, 1_000, 1e9, 1e15))
  .map(([agreement, factor]) => {
    const large = (key: string, value: unknown) =>
      typeof value === 'number' && ['perUnit', 'fixed', 'min', 'max', 'amount', 'maxPot', 'upTo'].includes(key)
        ? Math.min(LARGEST, value * factor)
        : value;
    return JSON.parse(JSON.stringify(agreement, large)) as Agreement;
  })
  .filter((agreement) => {
    try {
      return agreementFrom(agreement) !== undefined;
    } catch {
      return false;
    }
  });

const signed = fc.tuple(money, fc.boolean()).map(([amount, isBack]) => (isBack ? -amount : amount));
const settlements = fc.record({ fee: signed, shipping: signed, withheldTax: signed });

function portionsOf(
  quantity: number,
  all: readonly {
    lotId: string;
    cost: number;
    measure: SalePortion['measure'];
    contributions: SalePortion['contributions'];
  }[],
): SalePortion[] {
  const some = all.slice(0, quantity);
  return some.map(({ lotId, cost, measure, contributions }, index) => {
    const units = index === 0 ? quantity - some.length + 1 : 1;
    const unitCost = partOf(Math.floor(LARGEST / units), cost);
    const lot = {
      lot_id: lotId,
      sku: 'any',
      facility_id: 'F1',
      quantity: units,
      unit_cost: unitCost,
      made_on: '2026-01-01',
    };
    const persons = { keys: new Map(), erased: new Set<string>() };
    const stored = {
      facilities: new Map(),
      makers: new Map(),
      categories: new Set<string>(),
      products: new Map(),
      lots: new Map(),
      persons,
    };
    const faults = catalogueFaultsOf({ 'lots.csv': [{ number: 1, line: 2, values: lot }] }, stored);
    expect(faults.filter(({ column }) => column === 'unit_cost')).toEqual([]);
    return { lotId, quantity: units, unitCost, measure, contributions };
  });
}

it('what the doors take of a sale, its refunds and its settlements is booked, and nothing of it refused', async () => {
  expect(MAKERS.map((makerId) => MakerId.read(makerId).fault)).toEqual(MAKERS.map(() => undefined));
  await fc.assert(
    fc.asyncProperty(
      anyAgreement,
      checkouts,
      fc.array(lots, { minLength: 3, maxLength: 3 }),
      fc.tuple(settlements, settlements),
      fc.array(fc.nat(10), { maxLength: 3 }),
      async (agreement, checkout, lotsOfLines, [first, last], refunds) => {
        await real.startAgain(agreement);
        const orderId = orderIdOf(checkout);
        const lines = orderLinesOf(checkout);
        const reserved = lines.map(({ lineRef }, index) => ({
          lineRef,
          facilityId: FACILITIES[index % 2] as string,
          portions: [],
        }));
        const facilities = [...new Set(reserved.map(({ facilityId }) => facilityId))];
        const paid = lines.reduce((sum, line) => sum + priceOf(line), 0);
        const keyOf = (facilityId: string) => ({ channel: CHANNEL, orderRef: checkout.orderRef, facilityId });

        for (const facilityId of facilities) {
          const sold = lines.flatMap((line, index) =>
            reserved[index]?.facilityId === facilityId
              ? [{ ...line, portions: portionsOf(line.quantity, lotsOfLines[index] ?? []) }]
              : [],
          );
          const event = real.saleEvent({ ...keyOf(facilityId), lines: sold }, placedAt);
          expect(salePaid.violations(event.data)).toEqual([]);
          await real.sell(event);
        }

        const settled = { fee: 0, shipping: 0, withheldTax: 0 };
        const settle = async (amounts: typeof first) => {
          if (settlementFaultsOf(amounts, paid).length > 0) return;
          for (const part of ['fee', 'shipping', 'withheldTax'] as const) settled[part] += Math.abs(amounts[part]);
          if (settlementFaultsOf(settled, paid).length > 0) return; // no door knows what came before: the books refuse it
          const report = { settlementId: 's', orderId, ...amounts, bank: 'b'.repeat(40), settledAt: placedAt };
          for (const facilityId of facilities) {
            const { fee, shipping, withheldTax } = settledPart(
              report as SettlementConfirmed,
              facilityId,
              lines,
              reserved,
            );
            const event = real.settlementEvent(keyOf(facilityId), { fee, shipping, withheldTax, bank: report.bank });
            expect(saleSettled.violations(event.data)).toEqual([]);
            await real.settle(event);
          }
        };

        await settle(first);
        const given = new Map<string, number>();
        for (const each of refunds) {
          const index = each % lines.length;
          const line = lines[index] as (typeof lines)[number];
          const before = given.get(line.lineRef) ?? 0;
          const units = Math.min(line.quantity - before, 1 + (each % 3));
          if (units === 0) continue;
          const price = (count: number) => floorOfProduct(priceOf(line), { num: count, den: line.quantity }).whole;
          const amount = price(before + units) - price(before);
          given.set(line.lineRef, before + units);
          const event = real.refundEvent(keyOf(reserved[index]?.facilityId as string), line.lineRef, amount, units);
          expect(saleRefunded.violations(event.data)).toEqual([]);
          await real.refund(event);
        }
        await settle(last);

        expect(await real.refused()).toEqual([]);
        expect(await real.faults()).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
}, 300_000);

const accounts = [
  ...MAKERS.flatMap((makerId) => [`maker:${makerId}:wages`, `maker:${makerId}:savings`, `maker:${makerId}:receivable`]),
  'facility:F1:earnings',
  'facility:F1:cost-recovery',
  'state:pnbp@F1',
  'suspense@F1',
  'tax:vat-output@F1',
  'tax:pph22-withheld@F1',
  'bank:bri@F1',
  `channel:${CHANNEL}:receivable@F1`,
  `channel:${CHANNEL}:variance@F1`,
  'beneficiary:victims:payable@F1',
];
const entries = fc
  .uniqueArray(
    fc.record({ account: fc.constantFrom(...accounts), amount: fc.oneof(fc.integer(), fc.maxSafeInteger()) }),
    { minLength: 2, maxLength: 5, selector: ({ account }) => account },
  )
  .map((all): AdjustmentEntry[] => {
    const [last, ...others] = all as [AdjustmentEntry, ...AdjustmentEntry[]];
    return [...others, { ...last, amount: -others.reduce((sum, { amount }) => sum + amount, 0) }];
  })
  .filter((all) => all.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0));

it('what the doors take of a person’s entries is posted, or refused in words', async () => {
  await real.startAgain(fc.sample(agreements('no own steps'), 1)[0] as Agreement);
  await fc.assert(
    fc.asyncProperty(entries, fc.constantFrom('adjustment' as const, 'opening' as const), async (all, type) => {
      await real.adjust('F1', type, all).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Problem);
        expect([409, 422]).toContain((error as Problem).problem.status);
      });
    }),
    { numRuns: 200 },
  );
  expect(await real.faults()).toEqual([]);
}, 120_000);
