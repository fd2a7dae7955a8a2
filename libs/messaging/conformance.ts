import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchHandler, Message, Publisher, ReceivedMessage, Subscription } from './broker.ts';

/** A broker behind the two ports. */
export interface Broker {
  createTopic(name: string, partitions: number): Promise<void>;
  publisher(): Publisher;
  /** A member of `group` that reads `topic` from its beginning or from where the group left off. */
  subscription(group: string, topic: string, handle: BatchHandler): Subscription;
}

const PARTITIONS = 3;
const MANY_PARTITIONS = 12;
const KEYS = 12;
const LONGER_THAN_A_SESSION_MS = 7_500;
const BEHIND_MIB = 60;

/**
 * What every adapter of the ports must do; the guarantees of this library stand on nothing else.
 * Each case is named after what would go wrong without it.
 */
export function brokerConformance(name: string, connect: () => Promise<Broker>): void {
  describe(name, () => {
    let broker: Broker;
    let topic: string;
    const running: { stop(): Promise<void> }[] = [];

    beforeAll(async () => {
      broker = await connect();
    });

    afterEach(async () => {
      await Promise.all(running.splice(0).map((part) => part.stop()));
    });

    const createTopic = async (partitions = PARTITIONS) => {
      topic = `conformance-${randomUUID()}`;
      await broker.createTopic(topic, partitions);
    };

    const subscribe = async (group: string, handle: BatchHandler) => {
      const subscription = broker.subscription(group, topic, handle);
      running.push(subscription);
      await subscription.start();
      return subscription;
    };

    const publish = async (messages: readonly Message[]) => {
      const publisher = broker.publisher();
      await publisher.publish(messages);
      await publisher.close();
    };

    const message = (number: number): Message => ({
      topic,
      key: `key-${number % KEYS}`,
      headers: { number: String(number), 'content-type': 'text/plain' },
      value: `value ${number}`,
    });
    const messages = (count: number, from = 0) => Array.from({ length: count }, (_, index) => message(from + index));

    const numbers = (received: readonly ReceivedMessage[]) =>
      received.map(({ headers }) => Number(headers.find(([name]) => name === 'number')?.[1]));

    const collect = () => {
      const received: ReceivedMessage[] = [];
      const handle: BatchHandler = async (batch) => {
        received.push(...batch);
      };
      return { received, handle };
    };

    it('loses, doubles or changes nothing, and keeps the order of each key', async () => {
      await createTopic();
      const { received, handle } = collect();
      await subscribe('everything', handle);
      const sent = messages(2_000);
      for (let start = 0; start < sent.length; start += 500) await publish(sent.slice(start, start + 500));
      await until(() => received.length >= sent.length);
      expect(numbers(received).sort((a, b) => a - b)).toEqual(sent.map((_, number) => number));
      for (let key = 0; key < KEYS; key += 1) {
        const ofKey = numbers(received).filter((number) => number % KEYS === key);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
      const { key, headers, value } = message(7);
      expect(received.find((_, index) => numbers(received)[index] === 7)).toMatchObject({
        topic,
        key: Buffer.from(key as string),
        headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
        value: Buffer.from(value),
      });
    });

    it('keeps a message without a key', async () => {
      await createTopic();
      const { received, handle } = collect();
      await subscribe('keyless', handle);
      await publish([{ ...message(0), key: null }]);
      await until(() => received.length >= 1);
      expect(received[0]?.key).toBeNull();
    });

    it('hands over the messages of each partition in its order, and what waits of several partitions at once', async () => {
      await createTopic();
      const batches: (readonly ReceivedMessage[])[] = [];
      await publish(messages(300));
      await subscribe('batches', async (batch) => void batches.push(batch));
      await until(() => batches.flat().length >= 300);
      expect(batches.length).toBeLessThan(300);
      const ofPartition = Map.groupBy(batches.flat(), ({ partition }) => partition);
      for (const received of ofPartition.values()) {
        const offsets = received.map(({ offset }) => Number(offset));
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      }
      expect(new Set(batches[0]?.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    });

    it('skips nothing when a batch fails: the partition waits and gets it again, the others go on', async () => {
      await createTopic();
      const received: ReceivedMessage[] = [];
      let failing = true;
      await subscribe('failing', async (batch) => {
        if (failing && batch.some(({ partition }) => partition === 0)) throw new Error('database away');
        received.push(...batch);
      });
      await publish(messages(120));
      await until(() => received.filter(({ partition }) => partition !== 0).length > 0);
      expect(received.some(({ partition }) => partition === 0)).toBe(false);
      failing = false;
      await until(() => received.length >= 120);
      expect(numbers(received).sort((a, b) => a - b)).toEqual(messages(120).map((_, number) => number));
    });

    it('says that it lives while a batch takes long: nobody else gets it meanwhile', async () => {
      await createTopic();
      const { received, handle } = collect();
      await subscribe('long', async (batch) => {
        await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_A_SESSION_MS));
        await handle(batch);
      });
      await publish([message(0)]);
      const other = collect();
      await subscribe('long', other.handle);
      await until(() => received.length >= 1);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(received.length + other.received.length).toBe(1);
    });

    it('hands over one batch at a time, however many partitions there are: what it asks of a database is bounded', async () => {
      await createTopic(MANY_PARTITIONS);
      let [atOnce, atOnceMax, handled] = [0, 0, 0];
      await subscribe('bounded', async (batch) => {
        atOnceMax = Math.max(atOnceMax, ++atOnce);
        await new Promise((resolve) => setTimeout(resolve, 100));
        atOnce -= 1;
        handled += batch.length;
      });
      await publish(Array.from({ length: 240 }, (_, number) => ({ ...message(number), key: `key-${number}` })));
      await until(() => handled >= 240);
      expect(atOnceMax).toBe(1);
    });

    it('fetches while a batch is handled: what comes meanwhile goes with the next one, whatever its partition', async () => {
      await createTopic();
      const batches: (readonly ReceivedMessage[])[] = [];
      let finish: () => void = () => {};
      const first = new Promise<void>((resolve) => (finish = resolve));
      await subscribe('meanwhile', async (batch) => {
        batches.push(batch);
        if (batches.length === 1) await first;
      });
      await publish([message(0)]);
      await until(() => batches.length === 1);
      for (let number = 1; number <= KEYS; number += 1) await publish([message(number)]);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      finish();
      await until(() => batches.flat().length > KEYS);
      expect(batches).toHaveLength(2);
    });

    it('does not fetch what its handler has no time for: memory stays flat however far it is behind', async () => {
      await createTopic();
      const value = 'x'.repeat(10_000);
      for (let sent = 0; sent < BEHIND_MIB * 100; sent += 100) {
        await publish(messages(100, sent).map((each) => ({ ...each, value })));
      }
      const before = memoryMiB();
      let isStuck = true;
      let handled = 0;
      await subscribe('behind', async (batch) => {
        while (isStuck) await new Promise((resolve) => setTimeout(resolve, 20));
        handled += batch.length;
      });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const grownMiB = memoryMiB() - before;
      isStuck = false;
      await until(() => handled >= BEHIND_MIB * 100);
      expect(grownMiB).toBeLessThan(BEHIND_MIB / 2);
    });

    it('goes on where the group left off after a stop, without repeating what was handled', async () => {
      await createTopic();
      const first = collect();
      const subscription = await subscribe('resumed', first.handle);
      await publish(messages(60));
      await until(() => first.received.length >= 60);
      await subscription.stop();
      const second = collect();
      await subscribe('resumed', second.handle);
      await publish(messages(60, 60));
      await until(() => second.received.length >= 60);
      expect(Math.min(...numbers(second.received))).toBe(60);
    });

    it('delivers again what was under way when a member was stopped before its handler finished', async () => {
      await createTopic();
      const seen: number[] = [];
      const subscription = await subscribe('interrupted', async (batch) => {
        seen.push(...numbers(batch));
        throw new Error('never done');
      });
      await publish(messages(30));
      await until(() => seen.length > 0);
      await subscription.stop();
      const second = collect();
      await subscribe('interrupted', second.handle);
      await until(() => second.received.length >= 30);
      expect(new Set(numbers(second.received)).size).toBe(30);
    });

    it('never has a partition handled by two members at a time while members come and go', async () => {
      await createTopic();
      const received: ReceivedMessage[] = [];
      const handle: BatchHandler = async (batch) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        received.push(...batch);
      };
      const first = await subscribe('members', handle);
      await publish(messages(200));
      await subscribe('members', handle);
      await publish(messages(200, 200));
      await first.stop();
      await publish(messages(200, 400));
      await until(() => new Set(numbers(received)).size >= 600);
      for (let key = 0; key < KEYS; key += 1) {
        const firstSeen = [...new Set(numbers(received).filter((number) => number % KEYS === key))];
        expect(firstSeen).toEqual([...firstSeen].sort((a, b) => a - b));
      }
    });

    it('lets every group have every message', async () => {
      await createTopic();
      const one = collect();
      const other = collect();
      await subscribe('one', one.handle);
      await subscribe('other', other.handle);
      await publish(messages(40));
      await until(() => one.received.length >= 40 && other.received.length >= 40);
      expect(numbers(one.received).sort()).toEqual(numbers(other.received).sort());
    });
  });
}

async function until(isDone: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!isDone() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What is in use, after a collection of garbage: of the heap and outside of it. */
function memoryMiB(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}
