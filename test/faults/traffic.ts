/** What marketplaces do while things fail: seeded, at a steady rate, with every bad habit. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Checkout,
  type ClosedDispute,
  checkoutCompleted,
  checkoutDisputeClosed,
  checkoutDisputed,
  checkoutRefunded,
  type DisputedUnits,
  type Event,
  marketplaceOf,
  type RefundRequest,
  topicOf,
  topics,
} from '#libs/contracts';
import { configuredKafka, KafkaBroker, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { DEMO_CHANNELS } from '../../deploy/demo/demo.ts';
import { startForeignProducer } from '../kit/foreign-producer.ts';
import { Expected, outcomeOf, type Settlement, unitsOf } from './expected.ts';
import { foreignSendingsOf, type Sending } from './foreign.ts';
import { runGateway } from './gateway.ts';
import { checkoutOf, disputeOf, refundsOf } from './orders.ts';
import { type Random, randomOf } from './random.ts';
import { settlementsOf, tell } from './settlements.ts';
import type { System } from './system.ts';

const TICK_MS = 100;
const PUBLISHED_AT_ONCE_MAX = 500;
/** Of so many orders one comes from somebody else's client. */
const FOREIGN_ONE_IN = 6;
const REPORTERS = 4;
/** So long after the last order may be under way what was begun. */
const PAUSE_DEADLINE_MS = 60_000;

export interface Traffic {
  readonly expected: Expected;
  /** Messages that the foreign client has sent. */
  readonly foreign: number;
  /** Reports once more what channels have paid out so far. */
  reportAgain(): void;
  /**
   * Sends no more; resolves when everything that was begun is acknowledged, or given up. The gateway goes on.
   * @returns what is given up
   */
  pause(): Promise<string | undefined>;
}

export interface Demand {
  readonly ordersPerSecond: number;
  /** Whether channels say what they pay out. */
  readonly settles: boolean;
  /** Whether buyers dispute. */
  readonly disputes: boolean;
}

export interface Marketplace {
  /** Orders of a round of their own, until `pause`. */
  open(round: string, seed: number, demand: Demand): Traffic;
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
  /** @returns whether the brokers have them */
  const publish = async (events: readonly Event[], isGivenUp: () => boolean): Promise<boolean> => {
    const byTopic = Map.groupBy(events.map(toMessage), ({ topic }) => topic);
    const taken = await Promise.all(
      [...byTopic].map(([topic, messages]) => insist(() => publishers.get(topic)?.publish(messages), isGivenUp)),
    );
    return taken.every(Boolean);
  };
  const gateway = runGateway(system);

  const open = (round: string, seed: number, demand: Demand): Traffic => {
    const { ordersPerSecond } = demand;
    const expected = new Expected();
    const random = randomOf(seed);
    const own = ownOrders(round, random, demand);
    const others = randomOf(random.whole(0, 2 ** 31));
    let foreignSent = 0;
    let pausing = false;
    let givenUp = false;
    const isGivenUp = (): boolean => givenUp;
    /** How many of what is said nobody has acknowledged yet. */
    const unheard = { events: 0, 'foreign messages': 0, settlements: 0 };

    const send = async (events: readonly Event[]): Promise<void> => {
      if (events.length === 0) return;
      unheard.events += events.length;
      if (!(await publish(events, isGivenUp))) return;
      unheard.events -= events.length;
      for (const { type, data } of events) {
        if (type === checkoutCompleted.type) expected.addCheckout(data as Checkout);
        else if (type === checkoutRefunded.type) expected.addRefund(data as RefundRequest);
        else expected.addDispute(data as DisputedUnits | ClosedDispute);
      }
    };
    const tellOf = async (settlement: Settlement): Promise<void> => {
      const status = await tell(system, settlement, isGivenUp);
      if (status === undefined) return;
      unheard.settlements -= 1;
      if (status === 202) expected.addSettlement(settlement);
      else expected.misjudged.push(`${JSON.stringify(settlement)}: answered ${status}`);
    };
    /** So few at once that a service that has just come back is not asked by all that wait for it. */
    const reporters = Array.from({ length: REPORTERS }, () => Promise.resolve());
    const report = (settlements: readonly Settlement[]): void => {
      unheard.settlements += settlements.length;
      for (const settlement of settlements)
        reporters.push((reporters.shift() ?? Promise.resolve()).then(() => tellOf(settlement)));
    };
    const sendForeign = async (sendings: readonly Sending[]): Promise<void> => {
      for (const { record, expects } of sendings) {
        unheard['foreign messages'] += 1;
        expects(expected, await foreign.send(record));
        unheard['foreign messages'] -= 1;
        foreignSent += 1;
      }
    };
    const misjudge = (error: Error): void => void expected.misjudged.push(error.message);
    const run = async (): Promise<void> => {
      const started = performance.now();
      const begun: Promise<void>[] = [];
      let [sent, sentByOthers] = [0, 0];
      while (!pausing) {
        const due = Math.floor(((performance.now() - started) / 1000) * ordersPerSecond);
        for (; sentByOthers < due / FOREIGN_ONE_IN; sentByOthers += 1) {
          begun.push(sendForeign(foreignSendingsOf(round, sentByOthers, others)).catch(misjudge));
        }
        const count = Math.min(due - sent, PUBLISHED_AT_ONCE_MAX);
        sent += count;
        const orders = Array.from({ length: count }, () => own.next());
        report(orders.flatMap(({ reports }) => reports));
        await send(orders.flatMap(({ events }) => events));
        await sleep(TICK_MS);
      }
      const rest = own.rest();
      report(rest.reports);
      await send(rest.events);
      await Promise.all([...begun, ...reporters]);
    };
    const stopped = run();
    stopped.catch(() => {}); // `pause` says it
    const ended = async (): Promise<string | undefined> => {
      pausing = true;
      const isHeard = await Promise.race([stopped.then(() => true), sleep(PAUSE_DEADLINE_MS, false, { ref: false })]);
      if (isHeard) return undefined;
      givenUp = true;
      const counts = Object.entries(unheard).filter(([, count]) => count > 0);
      return `nobody has heard ${counts.map(([what, count]) => `${count} ${what}`).join(', ')}`;
    };
    let paused: Promise<string | undefined> | undefined;
    return {
      expected,
      get foreign() {
        return foreignSent;
      },
      reportAgain: () => report([...expected.settlements.values()]),
      pause: () => {
        paused ??= ended();
        return paused;
      },
    };
  };
  const close = async (): Promise<void> => {
    await gateway.stop();
    await Promise.all([...publishers.values(), foreign].map((each) => each.close()));
  };
  return { open, close };
}

/** Until it succeeds, or is given up. @returns whether it has succeeded */
async function insist(attempt: () => Promise<void> | undefined, isGivenUp: () => boolean): Promise<boolean> {
  while (!isGivenUp()) {
    try {
      await attempt();
      return true;
    } catch {
      await sleep(TICK_MS);
    }
  }
  return false;
}

interface Sendings {
  readonly events: readonly Event[];
  readonly reports: readonly Settlement[];
}

interface OwnOrders {
  /** What is sent of the next order, and what was put off until now. */
  next(): Sendings;
  /** What was put off for longer. */
  rest(): Sendings;
}

function ownOrders(round: string, random: Random, { ordersPerSecond, settles, disputes }: Demand): OwnOrders {
  const [events, reports] = [new PutOff<Event>(), new PutOff<Settlement>()];
  let count = 0;
  const next = (): Sendings => {
    const number = count++;
    const seconds = (atMost: number, least = 0): number => number + random.whole(least, atMost * ordersPerSecond);
    const checkout = checkoutOf(round, String(number).padStart(6, '0'), random);
    const completed = completedOf(checkout);
    const now: Event[] = [];
    const refunds = refundsOf(checkout, random);
    for (const refund of refunds) {
      const refunded = newEvent(checkoutRefunded, refund, { correlationId: newId() });
      if (random.chance(0.2)) now.push(refunded);
      else events.add(seconds(2), refunded);
      if (random.chance(0.2)) events.add(seconds(3), refunded);
    }
    const isDisputed = disputes && outcomeOf(checkout) === 'sold' && random.chance(0.1);
    const dispute = isDisputed ? disputeOf(checkout, random) : undefined;
    if (dispute) {
      const { closed } = dispute;
      const opened = newEvent(checkoutDisputed, dispute.opened, { correlationId: newId() });
      // One that stays open is known before its order is, so that nothing can be released before it.
      if (!closed || random.chance(0.5)) now.push(opened);
      if (random.chance(0.5)) events.add(seconds(3), opened);
      if (closed) events.add(seconds(2), newEvent(checkoutDisputeClosed, closed, { correlationId: newId() }));
    }
    now.push(completed);
    if (random.chance(0.05)) now.push(completed);
    if (random.chance(0.05)) events.add(seconds(3, 1), completed);
    if (random.chance(0.03)) events.add(seconds(3, 1), completedOf(checkout));

    if (settles && random.chance(0.15)) {
      const { opened, closed } = dispute ?? {};
      const asked = unitsOf([...refunds, ...(opened && closed?.outcome === 'buyer' ? [opened] : [])]);
      for (const settlement of settlementsOf(checkout, asked, random)) {
        reports.add(random.chance(0.3) ? number : seconds(2), settlement);
        if (random.chance(0.2)) reports.add(seconds(3), settlement);
      }
    }
    return { events: [...now, ...events.due(number)], reports: reports.due(number) };
  };
  return { next, rest: () => ({ events: events.rest(), reports: reports.rest() }) };
}

/** What comes later, by the number of the order after which it is sent. */
class PutOff<Item> {
  readonly #later = new Map<number, Item[]>();

  add(after: number, item: Item): void {
    this.#later.set(after, [...(this.#later.get(after) ?? []), item]);
  }

  due(number: number): Item[] {
    const due = this.#later.get(number) ?? [];
    this.#later.delete(number);
    return due;
  }

  rest(): Item[] {
    return [...this.#later.values()].flat();
  }
}

export const completedOf = (checkout: Checkout): Event =>
  newEvent(checkoutCompleted, checkout, { correlationId: newId() });
