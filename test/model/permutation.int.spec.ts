import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { remembers } from '../../services/ledger/sharing/memory/memory.ts';
import { RealBooks } from './real-books.ts';
import { agreements, sale } from './scenario.ts';

let real: RealBooks;

beforeAll(async () => {
  real = await RealBooks.open();
});
afterAll(() => real.close());

/** What happens to one order, in its order: it is sold, its lines are refunded in part, its channel pays. */
const orders = fc.array(
  fc.record({ sale, percents: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }), isSettled: fc.boolean() }),
  { minLength: 2, maxLength: 6 },
);
type Order = typeof orders extends fc.Arbitrary<(infer Each)[]> ? Each : never;
type Events =
  | { readonly kind: 'sell'; readonly events: Parameters<RealBooks['sell']> }
  | { readonly kind: 'refund'; readonly events: Parameters<RealBooks['refund']> }
  | { readonly kind: 'settle'; readonly events: Parameters<RealBooks['settle']> };

const memoryless = fc.oneof(agreements('no own steps'), agreements('own steps')).filter((each) => !remembers(each));

describe('events that do not depend on each other', () => {
  it('give the same balances in whatever order and batches they come: of orders shared without memory', async () => {
    const turns = fc.array(fc.nat(1_000), { minLength: 36, maxLength: 36 });
    await fc.assert(
      fc.asyncProperty(memoryless, orders, turns, async (agreement, all, turns) => {
        const chains = all.map(eventsOf);
        await real.startAgain(agreement);
        for (const events of chains.flat()) await deliver(events);
        const balances = await real.balances();

        await real.startAgain(agreement);
        for (const batch of batched(interleaved(chains, turns))) await deliver(batch);
        expect(await real.balances()).toEqual(balances);
      }),
      { numRuns: 20 },
    );
  });
});

function eventsOf({ sale: { facilityId, placedAt, lines }, percents, isSettled }: Order, index: number): Events[] {
  const key = { channel: 'blanja', orderRef: `O${index}`, facilityId };
  const refunds = percents.map((percent, which) => {
    const { lineRef, unitPrice, quantity, discount } = lines[which % lines.length] as (typeof lines)[number];
    return real.refundEvent(key, lineRef, Math.floor(((unitPrice * quantity - discount) * percent) / 100), 1);
  });
  const settlement = real.settlementEvent(key, { fee: 1_000, shipping: 500, withheldTax: 10, bank: 'bri' });
  return [
    { kind: 'sell', events: [real.saleEvent({ ...key, lines }, placedAt)] },
    ...refunds.map((event): Events => ({ kind: 'refund', events: [event] })),
    ...(isSettled ? [{ kind: 'settle' as const, events: [settlement] as Parameters<RealBooks['settle']> }] : []),
  ];
}

/** Takes turns: the next event of one of the orders that have any left. */
function interleaved(chains: readonly Events[][], turns: readonly number[]): Events[] {
  const left = chains.map((chain) => [...chain]);
  const order = turns.flatMap((turn) => {
    const open = left.filter((chain) => chain.length > 0);
    return open[turn % Math.max(1, open.length)]?.shift() ?? [];
  });
  return [...order, ...left.flat()];
}

/** Events of one kind that follow each other come in one batch. */
function batched(all: readonly Events[]): Events[] {
  const batches: Events[] = [];
  for (const next of all) {
    const last = batches.at(-1);
    if (last?.kind === next.kind)
      batches.splice(-1, 1, { ...last, events: [...last.events, ...next.events] } as Events);
    else batches.push(next);
  }
  return batches;
}

async function deliver(batch: Events): Promise<void> {
  if (batch.kind === 'sell') await real.sell(...batch.events);
  else if (batch.kind === 'refund') await real.refund(...batch.events);
  else await real.settle(...batch.events);
}
