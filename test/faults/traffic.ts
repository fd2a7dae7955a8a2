/** What marketplaces, buyers and the gateway do while things fail: seeded, at a steady rate, with every bad habit. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Checkout,
  checkoutCompleted,
  checkoutRefunded,
  type Event,
  orderIdOf,
  type RefundRequest,
  refundIdOf,
} from '#libs/contracts';
import { connectKafka, KafkaPublisher, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { FACILITIES, scarceSkuOf, skuOf } from './goods.ts';
import { type Random, randomOf } from './random.ts';
import { rowsOf, type System } from './system.ts';

const TICK_MS = 100;
const PUBLISHED_AT_ONCE_MAX = 500;
const GATEWAY_INTERVAL_MS = 300;

/** What the broker has acknowledged: the system owes each of them an outcome. */
export interface Expected {
  readonly checkouts: Map<string, Checkout>;
  readonly refunds: Map<string, RefundRequest>;
}

export interface Traffic {
  readonly expected: Expected;
  /** Sends no more; resolves when everything that was begun is acknowledged. The gateway goes on. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

export interface Marketplace {
  /** Orders of a round of their own, `ordersPerSecond` of them, until `pause`. */
  open(round: string, seed: number, ordersPerSecond: number): Traffic;
  /** Until the broker has them. */
  publish(events: readonly Event[]): Promise<void>;
  close(): Promise<void>;
}

export function openMarketplace(system: System): Marketplace {
  const publisher = new KafkaPublisher(connectKafka('marketplace', system.kafkaBrokers));
  let last: Promise<void> = Promise.resolve();
  const publishUntilAcknowledged = async (events: readonly Event[]): Promise<void> => {
    const messages = events.map(toMessage);
    for (;;) {
      try {
        return await publisher.publish(messages);
      } catch {
        await sleep(TICK_MS);
      }
    }
  };
  const publish = (events: readonly Event[]): Promise<void> => {
    last = last.then(() => publishUntilAcknowledged(events));
    return last;
  };
  const gateway = runGateway(system);
  return {
    open: (round, seed, ordersPerSecond) => runTraffic(publish, round, randomOf(seed), ordersPerSecond),
    publish,
    close: async () => {
      await gateway.stop();
      await publisher.close();
    },
  };
}

function runTraffic(publish: Marketplace['publish'], round: string, random: Random, ordersPerSecond: number): Traffic {
  const expected: Expected = { checkouts: new Map(), refunds: new Map() };
  /** Events to come, by the number of the order after which they are sent. */
  const later = new Map<number, Event[]>();
  const postpone = (number: number, event: Event): void => {
    later.set(number, [...(later.get(number) ?? []), event]);
  };
  let sent = 0;
  let pausing = false;

  const eventsOf = (number: number): Event[] => {
    const checkout = checkoutOf(round, number, random);
    const completed = completedOf(checkout);
    const events: Event[] = [];
    for (const refund of refundsOf(checkout, random)) {
      const refunded = newEvent(checkoutRefunded, refund, { correlationId: newId() });
      if (random.chance(0.2)) events.push(refunded);
      else postpone(number + random.whole(0, 2 * ordersPerSecond), refunded);
      if (random.chance(0.2)) postpone(number + random.whole(0, 3 * ordersPerSecond), refunded);
    }
    events.push(completed);
    if (random.chance(0.05)) events.push(completed);
    if (random.chance(0.05)) postpone(number + random.whole(1, 3 * ordersPerSecond), completed);
    if (random.chance(0.03)) postpone(number + random.whole(1, 3 * ordersPerSecond), completedOf(checkout));
    return [...events, ...(later.get(number) ?? [])];
  };

  const send = async (events: readonly Event[]): Promise<void> => {
    if (events.length === 0) return;
    await publish(events);
    for (const { type, data } of events) {
      if (type === checkoutCompleted.type) expected.checkouts.set(orderIdOf(data as Checkout), data as Checkout);
      else expected.refunds.set(idOf(data as RefundRequest), data as RefundRequest);
    }
  };

  const run = async (): Promise<void> => {
    const started = performance.now();
    while (!pausing) {
      const due = Math.floor(((performance.now() - started) / 1000) * ordersPerSecond) - sent;
      const batch = Array.from({ length: Math.min(due, PUBLISHED_AT_ONCE_MAX) }, () => eventsOf(sent++)).flat();
      await send(batch);
      await sleep(TICK_MS);
    }
    const rest = [...later].filter(([number]) => number >= sent).flatMap(([, events]) => events);
    await send(rest);
  };
  const stopped = run();
  const pause = (): Promise<void> => {
    pausing = true;
    return stopped;
  };
  return { expected, pause, close: pause };
}

function checkoutOf(round: string, number: number, random: Random): Checkout {
  const facilities = new Set(Array.from({ length: random.whole(1, 3) }, () => random.pick(FACILITIES)));
  const lines = [...facilities].map((facilityId, index) => {
    const sku = random.chance(0.01)
      ? 'nobody-knows-this'
      : random.chance(0.05)
        ? scarceSkuOf(facilityId)
        : skuOf(facilityId);
    const [quantity, unitPrice] = [random.whole(1, 4), random.whole(10_000, 200_001)];
    const discount = random.chance(0.3) ? random.whole(1, unitPrice) : 0;
    return { lineRef: `${index + 1}`, sku, quantity, unitPrice, ...(discount > 0 && { discount }) };
  });
  return {
    channel: random.chance(0.2) ? 'toko-sandbox' : 'blanja',
    orderRef: `${round}-${String(number).padStart(6, '0')}`,
    placedAt: '2026-01-05T10:00:00+07:00',
    lines,
    ...(random.chance(0.5) && { fees: random.whole(1, 9_999) }),
  };
}

export const completedOf = (checkout: Checkout): Event =>
  newEvent(checkoutCompleted, checkout, { correlationId: newId() });

/** Partial refunds of one line in seven, now and then of more than was sold. */
function refundsOf({ channel, orderRef, lines }: Checkout, random: Random): RefundRequest[] {
  return lines.flatMap(({ lineRef, quantity }) => {
    if (!random.chance(0.15)) return [];
    const count = random.whole(1, quantity + (random.chance(0.2) ? 1 : 0));
    return Array.from({ length: count }, (_, index) => ({
      channel,
      orderRef,
      lineRef,
      refundRef: `r${index + 1}`,
      quantity: 1,
      requestedAt: '2026-01-06T09:00:00+07:00',
    }));
  });
}

const idOf = (refund: RefundRequest): string => refundIdOf(orderIdOf(refund), refund.lineRef, refund.refundRef);

/** How long a buyer who does not pay at once keeps his goods held, ms. */
const LATE_MS = [1_500, 3_000] as const;

/**
 * The sandbox gateway: captures what is to be paid or says that it failed, now and then late, pays refunds out, repeats
 * and contradicts itself. What it does about an order depends on the order alone.
 */
function runGateway(system: System): { stop(): Promise<void> } {
  let stopping = false;
  const lateUntil = new Map<string, number>();
  const isLate = (orderId: string): boolean => {
    const random = randomOf(hashOf(orderId) + 1);
    const until = lateUntil.get(orderId) ?? performance.now() + (random.chance(0.3) ? random.whole(...LATE_MS) : 0);
    lateUntil.set(orderId, until);
    return performance.now() < until;
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      const pending = await rowsOf<{ order_id: string; notice: 'pay' | 'refund' }>(
        system.databaseUrls.payments,
        `SELECT order_id, 'pay' AS notice FROM payment WHERE status = 'pending'
         UNION SELECT order_id, 'refund' FROM refund WHERE status = 'pending' LIMIT 300`,
      ).catch(() => []);
      const due = pending.filter(({ order_id, notice }) => notice === 'refund' || !isLate(order_id));
      await Promise.all(due.map(({ order_id, notice }) => say(order_id, notice)));
      await sleep(GATEWAY_INTERVAL_MS);
    }
  };
  const say = async (orderId: string, notice: 'pay' | 'refund'): Promise<void> => {
    const random = randomOf(hashOf(orderId));
    const said = notice === 'refund' ? 'refund' : random.chance(0.9) ? 'capture' : random.pick(['fail', 'expire']);
    const notices = [said, ...(random.chance(0.1) ? [said] : []), ...(random.chance(0.05) ? ['capture'] : [])];
    for (const each of notices) await hear(orderId, each);
  };
  const hear = async (orderId: string, notice: string): Promise<void> => {
    const [instance] = system.instances('payments');
    const [channel, orderRef = ''] = orderId.split('/');
    const path = `v1/sandbox/payments/${channel}/${encodeURIComponent(orderRef)}/${notice}`;
    await fetch(`${instance?.address}/${path}`, { method: 'POST', signal: AbortSignal.timeout(5_000) })
      .then((response) => response.body?.cancel())
      .catch(() => {}); // it asks again for what is still pending
  };
  const stopped = run();
  return {
    stop: () => {
      stopping = true;
      return stopped;
    },
  };
}

function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7);
}
