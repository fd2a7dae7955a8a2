/** What marketplaces do while things fail: seeded, at a steady rate, with every bad habit. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Checkout,
  checkoutCompleted,
  checkoutRefunded,
  type Event,
  marketplaceOf,
  type RefundRequest,
  topicOf,
  topics,
} from '#libs/contracts';
import { configuredKafka, KafkaBroker, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { DEMO_CHANNELS } from '../../deploy/demo/demo.ts';
import { startForeignProducer } from '../kit/foreign-producer.ts';
import { Expected } from './expected.ts';
import { foreignSendingsOf, type Sending } from './foreign.ts';
import { runGateway } from './gateway.ts';
import { checkoutOf, refundsOf } from './orders.ts';
import { type Random, randomOf } from './random.ts';
import type { System } from './system.ts';

const TICK_MS = 100;
const PUBLISHED_AT_ONCE_MAX = 500;
/** Of so many orders one comes from somebody else's client. */
const FOREIGN_ONE_IN = 6;

export interface Traffic {
  readonly expected: Expected;
  /** Messages that the foreign client has sent. */
  readonly foreign: number;
  /** Sends no more; resolves when everything that was begun is acknowledged. The gateway goes on. */
  pause(): Promise<void>;
}

export interface Marketplace {
  /** Orders of a round of their own, `ordersPerSecond` of them, until `pause`. */
  open(round: string, seed: number, ordersPerSecond: number): Traffic;
  close(): Promise<void>;
}

export async function openMarketplace(system: System): Promise<Marketplace> {
  const publishers = new Map(
    DEMO_CHANNELS.map((channel) => {
      const user = marketplaceOf(channel);
      return [
        topicOf(topics.checkout, channel).name,
        new KafkaBroker(user, configuredKafka(system.kafka.as(user))).publisher(),
      ];
    }),
  );
  const foreign = await startForeignProducer(system.kafka);
  const publish = async (events: readonly Event[]): Promise<void> => {
    const byTopic = Map.groupBy(events.map(toMessage), ({ topic }) => topic);
    await Promise.all([...byTopic].map(([topic, messages]) => insist(() => publishers.get(topic)?.publish(messages))));
  };
  const gateway = runGateway(system);

  const open = (round: string, seed: number, ordersPerSecond: number): Traffic => {
    const expected = new Expected();
    const random = randomOf(seed);
    const own = ownOrders(round, random, ordersPerSecond);
    const others = randomOf(random.whole(0, 2 ** 31));
    let foreignSent = 0;
    let pausing = false;

    const send = async (events: readonly Event[]): Promise<void> => {
      if (events.length === 0) return;
      await publish(events);
      for (const { type, data } of events) {
        if (type === checkoutCompleted.type) expected.addCheckout(data as Checkout);
        else expected.addRefund(data as RefundRequest);
      }
    };
    const sendForeign = async (sendings: readonly Sending[]): Promise<void> => {
      for (const { record, expects } of sendings) {
        expects(expected, await foreign.send(record));
        foreignSent += 1;
      }
    };
    const run = async (): Promise<void> => {
      const started = performance.now();
      const begun: Promise<void>[] = [];
      let [sent, sentByOthers] = [0, 0];
      while (!pausing) {
        const due = Math.floor(((performance.now() - started) / 1000) * ordersPerSecond);
        for (; sentByOthers < due / FOREIGN_ONE_IN; sentByOthers += 1) {
          begun.push(sendForeign(foreignSendingsOf(round, sentByOthers, others)));
        }
        const count = Math.min(due - sent, PUBLISHED_AT_ONCE_MAX);
        sent += count;
        await send(Array.from({ length: count }, () => own.next()).flat());
        await sleep(TICK_MS);
      }
      await send(own.rest());
      await Promise.all(begun);
    };
    const stopped = run();
    return {
      expected,
      get foreign() {
        return foreignSent;
      },
      pause: () => {
        pausing = true;
        return stopped;
      },
    };
  };
  const close = async (): Promise<void> => {
    await gateway.stop();
    await Promise.all([...publishers.values(), foreign].map((each) => each.close()));
  };
  return { open, close };
}

/** Until it succeeds. */
async function insist(attempt: () => Promise<void> | undefined): Promise<void> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await sleep(TICK_MS);
    }
  }
}

interface OwnOrders {
  /** The events of the next order, and what was put off until now. */
  next(): Event[];
  /** What was put off for longer. */
  rest(): Event[];
}

function ownOrders(round: string, random: Random, ordersPerSecond: number): OwnOrders {
  /** Events to come, by the number of the order after which they are sent. */
  const later = new Map<number, Event[]>();
  let count = 0;
  const next = (): Event[] => {
    const number = count++;
    const postpone = (by: number, event: Event): void => {
      later.set(number + by, [...(later.get(number + by) ?? []), event]);
    };
    const checkout = checkoutOf(round, String(number).padStart(6, '0'), random);
    const completed = completedOf(checkout);
    const events: Event[] = [];
    for (const refund of refundsOf(checkout, random)) {
      const refunded = newEvent(checkoutRefunded, refund, { correlationId: newId() });
      if (random.chance(0.2)) events.push(refunded);
      else postpone(random.whole(0, 2 * ordersPerSecond), refunded);
      if (random.chance(0.2)) postpone(random.whole(0, 3 * ordersPerSecond), refunded);
    }
    events.push(completed);
    if (random.chance(0.05)) events.push(completed);
    if (random.chance(0.05)) postpone(random.whole(1, 3 * ordersPerSecond), completed);
    if (random.chance(0.03)) postpone(random.whole(1, 3 * ordersPerSecond), completedOf(checkout));
    return [...events, ...(later.get(number) ?? [])];
  };
  const rest = (): Event[] => [...later].filter(([number]) => number >= count).flatMap(([, events]) => events);
  return { next, rest };
}

export const completedOf = (checkout: Checkout): Event =>
  newEvent(checkoutCompleted, checkout, { correlationId: newId() });
