import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from '@jest/globals';
import type { BatchHandler, Broker, Message, Publisher, ReceivedMessage, Subscription } from './broker.ts';

const PARTITIONS = 3;
const MANY_PARTITIONS = 12;
const KEYS = 12;
const LONGER_THAN_A_SESSION_MS = 7_500;
const BEHIND_MIB = 60;

/** Of a form of names. */
export const LATER = '(-later)?';

type Case = (trial: Trial) => Promise<void>;

/**
 * What every adapter of `Broker` must do; the guarantees of this library stand on nothing else. Each case is named after
 * what would go wrong without it, and rejects for an adapter that does not.
 */
export const conformance = {
  'loses, doubles or changes nothing, and keeps the order of each key': async (trial) => {
    const { received, handle } = collect();
    await trial.subscribe('everything', handle);
    const sent = trial.messages(2_000);
    for (let start = 0; start < sent.length; start += 500) await trial.publish(sent.slice(start, start + 500));
    await trial.until(() => received.length >= sent.length);
    expect(numbers(received).sort((a, b) => a - b)).toEqual(sent.map((_, number) => number));
    for (let key = 0; key < KEYS; key += 1)
      expectAscending(numbers(received).filter((number) => number % KEYS === key));
    const { key, headers, value } = trial.message(7);
    expect(received.find((_, index) => numbers(received)[index] === 7)).toMatchObject({
      topic: trial.topic,
      key: Buffer.from(key as string),
      headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
      value: Buffer.from(value),
    });
  },

  'keeps a message without a key': async (trial) => {
    const { received, handle } = collect();
    await trial.subscribe('keyless', handle);
    await trial.publish([{ ...trial.message(0), key: null }]);
    await trial.until(() => received.length >= 1);
    expect(received[0]?.key).toBeNull();
  },

  'hands over the messages of each partition in its order, and what waits of several partitions at once': async (
    trial,
  ) => {
    const batches: (readonly ReceivedMessage[])[] = [];
    await trial.publish(trial.messages(300));
    await trial.subscribe('batches', async (batch) => void batches.push(batch));
    await trial.until(() => batches.flat().length >= 300);
    expect(batches.length).toBeLessThan(300);
    for (const received of Map.groupBy(batches.flat(), ({ partition }) => partition).values()) {
      expectAscending(received.map(({ offset }) => Number(offset)));
    }
    expect(new Set(batches[0]?.map(({ partition }) => partition)).size).toBeGreaterThan(1);
  },

  'skips nothing when a batch fails: the partition waits and gets it again, the others go on': async (trial) => {
    const received: ReceivedMessage[] = [];
    let failing = true;
    await trial.subscribe('failing', async (batch) => {
      if (failing && batch.some(({ partition }) => partition === 0)) throw new Error('database away');
      received.push(...batch);
    });
    await trial.publish(trial.messages(120));
    await trial.until(() => received.filter(({ partition }) => partition !== 0).length > 0);
    expect(received.some(({ partition }) => partition === 0)).toBe(false);
    failing = false;
    await trial.until(() => received.length >= 120);
    expect(numbers(received).sort((a, b) => a - b)).toEqual(trial.messages(120).map((_, number) => number));
  },

  'says that it lives while a batch takes long: nobody else gets it meanwhile': async (trial) => {
    const { received, handle } = collect();
    await trial.subscribe('long', async (batch) => {
      await sleep(LONGER_THAN_A_SESSION_MS);
      await handle(batch);
    });
    await trial.publish(trial.messages(KEYS));
    const other = collect();
    await trial.subscribe('long', other.handle);
    const count = (): number => received.length + other.received.length;
    await trial.until(() => received.length > 0 && count() >= KEYS, 2 * LONGER_THAN_A_SESSION_MS);
    await sleep(1_000);
    expect(count()).toBe(KEYS);
  },

  'hands over one batch at a time, however many partitions there are: what it asks of a database is bounded': async (
    trial,
  ) => {
    await trial.createTopic(MANY_PARTITIONS);
    let [atOnce, atOnceMax, handled] = [0, 0, 0];
    await trial.subscribe('bounded', async (batch) => {
      atOnceMax = Math.max(atOnceMax, ++atOnce);
      await sleep(100);
      atOnce -= 1;
      handled += batch.length;
    });
    await trial.publish(
      Array.from({ length: 240 }, (_, number) => ({ ...trial.message(number), key: `key-${number}` })),
    );
    await trial.until(() => handled >= 240);
    expect(atOnceMax).toBe(1);
  },

  'fetches while a batch is handled: what comes meanwhile goes with the next one, whatever its partition': async (
    trial,
  ) => {
    const batches: (readonly ReceivedMessage[])[] = [];
    let finish: () => void = () => {};
    const first = new Promise<void>((resolve) => (finish = resolve));
    await trial.subscribe('meanwhile', async (batch) => {
      batches.push(batch);
      if (batches.length === 1) await first;
    });
    await trial.publish([trial.message(0)]);
    await trial.until(() => batches.length === 1);
    for (let number = 1; number <= KEYS; number += 1) await trial.publish([trial.message(number)]);
    await sleep(1_000);
    finish();
    await trial.until(() => batches.flat().length > KEYS);
    expect(batches).toHaveLength(2);
  },

  'does not fetch what its handler has no time for: memory stays flat however far it is behind': async (trial) => {
    const value = 'x'.repeat(10_000);
    for (let sent = 0; sent < BEHIND_MIB * 100; sent += 100) {
      await trial.publish(trial.messages(100, sent).map((each) => ({ ...each, value })));
    }
    const before = memoryMiB();
    let hasBegun = false;
    let isStuck = true;
    let handled = 0;
    await trial.subscribe('behind', async (batch) => {
      hasBegun = true;
      while (isStuck) await sleep(20);
      handled += batch.length;
    });
    await trial.until(() => hasBegun);
    await sleep(4_000);
    const grownMiB = memoryMiB() - before;
    isStuck = false;
    await trial.until(() => handled >= BEHIND_MIB * 100);
    expect(grownMiB).toBeLessThan(BEHIND_MIB / 2);
  },

  'goes on where the group left off after a stop, without repeating what was handled': async (trial) => {
    const first = collect();
    const subscription = await trial.subscribe('resumed', first.handle);
    await trial.publish(trial.messages(60));
    await trial.until(() => first.received.length >= 60);
    await subscription.stop();
    const second = collect();
    await trial.subscribe('resumed', second.handle);
    await trial.publish(trial.messages(60, 60));
    await trial.until(() => second.received.length >= 60);
    expect(Math.min(...numbers(second.received))).toBe(60);
  },

  'delivers again what was under way when a member was stopped before its handler finished': async (trial) => {
    const seen: number[] = [];
    const subscription = await trial.subscribe('interrupted', async (batch) => {
      seen.push(...numbers(batch));
      throw new Error('never done');
    });
    await trial.publish(trial.messages(30));
    await trial.until(() => seen.length > 0);
    await subscription.stop();
    const second = collect();
    await trial.subscribe('interrupted', second.handle);
    await trial.until(() => second.received.length >= 30);
    expect(new Set(numbers(second.received)).size).toBe(30);
  },

  'never has a partition handled by two members at a time while members come and go': async (trial) => {
    const received: ReceivedMessage[] = [];
    const inHands = new Set<number>();
    let inTwoHands = 0;
    const handle: BatchHandler = async (batch) => {
      const partitions = new Set(batch.map(({ partition }) => partition));
      inTwoHands += [...partitions].filter((partition) => inHands.has(partition)).length;
      for (const partition of partitions) inHands.add(partition);
      await sleep(50);
      for (const partition of partitions) inHands.delete(partition);
      received.push(...batch);
    };
    const first = await trial.subscribe('members', handle);
    await trial.publish(trial.messages(200));
    await trial.subscribe('members', handle);
    for (let sent = 200; sent < 400; sent += 20) {
      await trial.publish(trial.messages(20, sent));
      await sleep(25);
    }
    await first.stop();
    await trial.publish(trial.messages(200, 400));
    await trial.until(() => new Set(numbers(received)).size >= 600);
    expect(inTwoHands).toBe(0);
    for (let key = 0; key < KEYS; key += 1) {
      expectAscending([...new Set(numbers(received).filter((number) => number % KEYS === key))]);
    }
  },

  'joins a topic of its form that comes later, with all members, and goes on with those it had': async (trial) => {
    const [one, other] = [collect(), collect()];
    const received = () => [...one.received, ...other.received];
    const form = new RegExp(`^${trial.topic}${LATER}$`);
    await trial.subscribe('later', one.handle, form);
    await trial.subscribe('later', other.handle, form);
    await trial.publish(trial.messages(60));
    await trial.until(() => received().length >= 60);
    const first = trial.topic;
    await trial.createTopic(PARTITIONS, `${first}-later`);
    await trial.publish(trial.messages(60));
    await trial.until(() => new Set(received().map(placeOf)).size >= 120);
    await trial.publish(trial.messages(60, 60).map((message) => ({ ...message, topic: first })));
    await trial.publish(trial.messages(60, 60));
    await trial.until(() => new Set(received().map(placeOf)).size >= 240);
    for (const { received: messages } of [one, other]) {
      for (const ofPartition of Map.groupBy(messages, partitionOf).values()) {
        expectAscending([...new Set(ofPartition.map(({ offset }) => Number(offset)))]);
      }
    }
  },

  'lets every group have every message': async (trial) => {
    const one = collect();
    const other = collect();
    await trial.subscribe('one', one.handle);
    await trial.subscribe('other', other.handle);
    await trial.publish(trial.messages(40));
    await trial.until(() => one.received.length >= 40 && other.received.length >= 40);
    expect(numbers(one.received).sort()).toEqual(numbers(other.received).sort());
  },

  'tells each feed all that comes from now on, and nothing of before': async (trial) => {
    const [one, other] = [collect(), collect()];
    await trial.publish(trial.messages(40));
    await trial.feed(one.handle);
    await trial.feed(other.handle);
    await trial.publish(trial.messages(40, 40));
    const told = ({ received }: typeof one) => numbers(received).filter((number) => !Number.isNaN(number));
    await trial.until(() => told(one).length >= 40 && told(other).length >= 40);
    const all = trial.messages(40, 40).map(({ headers }) => Number(headers.number));
    for (const feed of [one, other]) expect(told(feed).sort((a, b) => a - b)).toEqual(all);
  },
} satisfies Record<string, Case>;

/** One case, tried on one adapter, with a topic and groups of its own. */
export class Trial {
  topic = '';
  readonly #run = randomUUID().slice(0, 8);
  readonly #running: Pick<Subscription, 'stop'>[] = [];
  #publisher: Publisher | undefined;

  private constructor(
    private readonly connect: (clientId: string) => Broker,
    private readonly patienceMs: number,
  ) {}

  /** `patienceMs`: how long what must come may take. */
  static async of(run: Case, connect: (clientId: string) => Broker, patienceMs: number): Promise<void> {
    const trial = new Trial(connect, patienceMs);
    try {
      await trial.createTopic(PARTITIONS);
      await run(trial);
    } finally {
      await Promise.all(trial.#running.map((part) => part.stop()));
      await trial.#publisher?.close();
    }
  }

  async createTopic(partitions: number, name = `conformance-${randomUUID()}`): Promise<void> {
    this.topic = name;
    await this.connect('conformance').createTopics([{ name: this.topic, key: 'any', partitions, retentionDays: 1 }]);
  }

  async subscribe(group: string, handle: BatchHandler, topic: string | RegExp = this.topic): Promise<Subscription> {
    const member = this.connect(`conformance-${randomUUID()}`);
    const subscription = member.subscription(`${group}-${this.#run}`, [topic], handle);
    this.#running.push(subscription);
    await subscription.start();
    return subscription;
  }

  /** Until it hears what is sent: it is told nothing of what was sent while it looked for where the end is. */
  async feed(handle: BatchHandler): Promise<void> {
    const name = randomUUID();
    let hears = false;
    const feed = this.connect(`conformance-${name}`).feed('conformance', [this.topic], async (messages) => {
      hears ||= messages.some(({ headers }) => headers.some(([, value]) => value.equals(Buffer.from(name))));
      await handle(messages);
    });
    this.#running.push(feed);
    await feed.start();
    const until = Date.now() + this.patienceMs;
    while (!hears && Date.now() < until) {
      await this.publish([{ ...this.message(0), headers: { name } }]);
      await sleep(100);
    }
  }

  async publish(messages: readonly Message[]): Promise<void> {
    this.#publisher ??= this.connect('conformance').publisher();
    await this.#publisher.publish(messages);
  }

  message(number: number): Message {
    return {
      topic: this.topic,
      key: `key-${number % KEYS}`,
      headers: { number: String(number), 'content-type': 'text/plain' },
      value: `value ${number}`,
    };
  }

  messages(count: number, from = 0): Message[] {
    return Array.from({ length: count }, (_, index) => this.message(from + index));
  }

  async until(isDone: () => boolean, longerMs = 0): Promise<void> {
    const deadline = Date.now() + this.patienceMs + longerMs;
    while (!isDone() && Date.now() < deadline) await sleep(20);
    expect(isDone()).toBe(true);
  }
}

function collect(): { received: ReceivedMessage[]; handle: BatchHandler } {
  const received: ReceivedMessage[] = [];
  const handle: BatchHandler = async (batch) => {
    received.push(...batch);
  };
  return { received, handle };
}

function numbers(received: readonly ReceivedMessage[]): number[] {
  return received.map(({ headers }) => Number(headers.find(([name]) => name === 'number')?.[1]));
}

const partitionOf = ({ topic, partition }: ReceivedMessage): string => `${topic}/${partition}`;
const placeOf = (message: ReceivedMessage): string => `${partitionOf(message)}/${message.offset}`;

function expectAscending(found: readonly number[]): void {
  expect(found).toEqual([...found].sort((a, b) => a - b));
}

/** In use, what nobody holds any more left out. */
function memoryMiB(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}
