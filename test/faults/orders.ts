/** What buyers order and give back: chance decides, and the same seed the same. */
import type { Checkout, ClosedDispute, DisputedUnits, RefundRequest } from '#libs/contracts';
import { FACILITIES, lateSkuOf, scarceSkuOf, skuOf } from './goods.ts';
import type { Random } from './random.ts';

export const UNKNOWN_SKU = 'nobody-knows-this';

/** @param name of the order among those of its round */
export function checkoutOf(round: string, name: string, random: Random): Checkout {
  // Our own shop sells nothing that nobody knows: there it would be cancelled, or not, by who comes first.
  const channel = random.chance(0.2) ? 'toko-sandbox' : 'blanja';
  const facilities = new Set(Array.from({ length: random.whole(1, 3) }, () => random.pick(FACILITIES)));
  const lines = [...facilities].map((facilityId, index) => {
    const skuNow = random.chance(0.05) ? scarceSkuOf(facilityId) : skuOf(facilityId);
    const sku = channel === 'blanja' && random.chance(0.05) ? lateSkuOf(facilityId, round) : skuNow;
    return lineOf(`${index + 1}`, random.chance(0.01) ? UNKNOWN_SKU : sku, random);
  });
  return {
    channel,
    orderRef: `${round}-${name}`,
    placedAt: '2026-01-05T10:00:00+07:00',
    lines,
    ...(random.chance(0.2) && { discount: random.whole(1, 999) }),
    ...(random.chance(0.5) && { fees: random.whole(1, 9_999) }),
    ...(random.chance(0.3) && { shipping: random.whole(1, 19_999) }),
  };
}

function lineOf(lineRef: string, sku: string, random: Random): Checkout['lines'][number] {
  const [quantity, unitPrice] = [random.whole(1, 4), random.whole(10_000, 200_001)];
  return {
    ...{ lineRef, sku, quantity, unitPrice },
    ...(random.chance(0.3) && { discount: random.whole(1, unitPrice - 2_000) }),
    ...(random.chance(0.2) && { tax: random.whole(1, 999) }),
  };
}

/** An order of goods of which there is enough, at a channel that holds the money: it is credited, whatever happens. */
export function certainCheckoutOf(round: string, name: string, random: Random): Checkout {
  const checkout = checkoutOf(round, name, random);
  return { ...checkout, channel: 'blanja', lines: [lineOf('1', skuOf(random.pick(FACILITIES)), random)] };
}

/** Partial refunds of one line in seven, now and then of more than was sold. */
export function refundsOf(checkout: Checkout, random: Random): RefundRequest[] {
  return checkout.lines.flatMap(({ lineRef, quantity }) => {
    if (!random.chance(0.15)) return [];
    const count = random.whole(1, quantity + (random.chance(0.2) ? 1 : 0));
    return Array.from({ length: count }, (_, index) => refundOf(checkout, lineRef, `r${index + 1}`));
  });
}

/** Of one unit: whichever of a line's refunds comes first, what has gone back after so many of them is the same. */
export function refundOf({ channel, orderRef }: Checkout, lineRef: string, refundRef: string): RefundRequest {
  return { channel, orderRef, lineRef, refundRef, quantity: 1, requestedAt: '2026-01-06T09:00:00+07:00' };
}

interface Dispute {
  readonly opened: DisputedUnits;
  /** Absent: it stays open. */
  readonly closed?: ClosedDispute;
}

/** One unit of a line is disputed; what the buyer wins is one more refund of that line. */
export function disputeOf({ channel, orderRef, lines }: Checkout, random: Random): Dispute {
  const { lineRef } = random.pick(lines);
  const opened = { channel, orderRef, lineRef, disputeRef: 'd1', quantity: 1 };
  const outcome = random.pick(['seller', 'buyer', undefined] as const);
  return { opened, ...(outcome && { closed: { ...opened, outcome, closedAt: '2026-01-14T09:00:00+07:00' } }) };
}
