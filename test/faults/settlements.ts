/** What channels pay out of orders, and how they say so: whole, in parts, too little, before a refund, again and again. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkout, orderIdOf, saleIdOf } from '#libs/contracts';
import { signedFetch } from '../kit/sign-in.ts';
import { type ExpectedSale, outcomeOf, priceOf, receivableOf, type Settlement, salesOf } from './expected.ts';
import { facilityOf } from './goods.ts';
import type { Random } from './random.ts';
import type { System } from './system.ts';

const ANSWER_DEADLINE_MS = 10_000;
const RETRY_DELAY_MS = 500;

/**
 * What comes of an order, in any order. What is left with the channel passes through zero only where all of it is told: so
 * when it is settled does not hang on what comes first.
 * @param asked units of each line that are given back
 */
export function settlementsOf(checkout: Checkout, asked: ReadonlyMap<string, number>, random: Random): Settlement[] {
  const { channel, orderRef } = checkout;
  const settled = { channel, orderRef, bank: 'bri', settledAt: '2026-01-20T10:00:00+07:00' };
  const isOfWhole = outcomeOf(checkout) !== 'sold' || (asked.size === 0 && random.chance(0.3));
  if (isOfWhole) {
    const kept = { fee: random.whole(0, 9_999), shipping: random.whole(0, 9_999), withheldTax: random.whole(0, 500) };
    return [{ ...settled, settlementRef: 'all', settles: 'all', ...amounts(priceOf(checkout), kept) }];
  }
  const sales = salesOf(checkout, asked);
  const facilities = new Set(checkout.lines.map(({ sku }) => facilityOf(sku) as string));
  return [...facilities].flatMap((facilityId) => {
    const sale = sales.get(saleIdOf(orderIdOf(checkout), facilityId)) as ExpectedSale;
    const expected = (account: string): number => -(sale.sold.get(`channel:${channel}:${account}@${facilityId}`) ?? 0);
    return reportedOf(sale, random).map(([revenue, settles], index): Settlement => {
      // At least what was expected, so that what is left is never just what was to be kept.
      const kept = {
        fee: expected('fees') + random.whole(0, 500),
        shipping: expected('shipping') + random.whole(0, 500),
        withheldTax: random.whole(0, 500),
      };
      const isTakenBack = revenue < 0;
      return {
        ...{ ...settled, facilityId, settlementRef: `${facilityId}-${index}`, settles },
        ...amounts(revenue, isTakenBack ? { fee: 0, shipping: 0, withheldTax: 0 } : kept),
      };
    });
  });
}

type Reported = readonly [revenue: number, settles: Settlement['settles']];

function reportedOf({ sold, givenBack }: ExpectedSale, random: Random): Reported[] {
  const price = receivableOf(sold);
  const due = price + receivableOf(givenBack);
  if (due < 2) return [];
  const part = random.whole(1, due - 1);
  const inParts: Reported[] = [
    [part, 'part'],
    [due - part, 'all'],
  ];
  return random.pick<Reported[]>([
    [[due, 'all']],
    inParts,
    inParts.toReversed(),
    [[part, 'part']],
    [[part, 'all']], // and that is too little
    ...(due === price ? [] : [[[price, 'all'] as const, [due - price, 'part'] as const]]), // paid out whole, and taken back
  ]);
}

function amounts(revenue: number, kept: Pick<Settlement, 'fee' | 'shipping' | 'withheldTax'>) {
  return { ...kept, revenue, paidOut: revenue - kept.fee - kept.shipping - kept.withheldTax };
}

/** Says it until it is heard, or given up. @returns what payments answered; of what is given up undefined */
export async function tell(
  system: System,
  settlement: Settlement,
  isGivenUp: () => boolean,
): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  while (!isGivenUp()) {
    const status = await signedFetch(`${system.instances('payments')[0]?.address}/v1/settlements`, {
      ...{ method: 'POST', headers, body: JSON.stringify(settlement) },
      signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
    })
      .then(async (response) => {
        await response.body?.cancel();
        return response.status;
      })
      .catch(() => 503);
    if (status < 500) return status;
    await sleep(RETRY_DELAY_MS);
  }
  return undefined;
}
