import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReceivedMessage } from './broker.ts';
import { DeliveryQueue } from './delivery-queue.ts';

const KIB = 1_024;

const message = (partition: number, offset: number, bytes = 10): ReceivedMessage => ({
  topic: 'orders',
  partition,
  offset: String(offset),
  timestamp: '0',
  key: null,
  headers: [],
  value: Buffer.alloc(bytes),
});
const named = ({ partition, offset }: ReceivedMessage): string => `${partition}/${offset}`;
const turn = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('whatever fails and however often, each partition is handled whole, once, in its order', async () => {
  const puts = fc.array(fc.record({ partition: fc.nat(3), count: fc.integer({ min: 1, max: 5 }) }), { maxLength: 12 });
  const failures = fc.array(fc.boolean(), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(puts, failures, async (puts, failures) => {
      const handled: ReceivedMessage[] = [];
      const told: ReceivedMessage[] = [];
      const queue = new DeliveryQueue(
        async (messages) => {
          await turn(0);
          if (failures.pop()) throw new Error('away');
          handled.push(...messages);
        },
        (messages) => told.push(...messages),
      );
      const next = new Map<number, number>();
      const sent: string[] = [];
      for (const { partition, count } of puts) {
        const from = next.get(partition) ?? 0;
        const messages = Array.from({ length: count }, (_, index) => message(partition, from + index));
        next.set(partition, from + count);
        sent.push(...messages.map(named));
        queue.put(messages);
      }
      while (handled.length < sent.length) await turn();
      await queue.drop();
      expect(handled.map(named).toSorted()).toEqual(sent.toSorted());
      expect(told).toEqual(handled);
      for (const partition of next.keys()) {
        const offsets = handled.filter((each) => each.partition === partition).map(({ offset }) => Number(offset));
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('of partitions that fail together, each is tried alone: one whose failure lasts keeps no other waiting', async () => {
  const batches: string[][] = [];
  let isMended = false;
  const queue = new DeliveryQueue(
    async (messages) => {
      if (!isMended && messages.some(({ partition }) => partition === 1)) throw new Error('locked');
      batches.push(messages.map(named));
    },
    () => {},
  );
  for (const partition of [0, 1, 2]) queue.put([message(partition, 0)]);
  while (batches.flat().length < 2) await turn();
  queue.put([message(0, 1)]);
  while (batches.flat().length < 3) await turn();
  expect(batches.flat().toSorted()).toEqual(['0/0', '0/1', '2/0']);
  isMended = true;
  while (batches.flat().length < 4) await turn();
  expect(batches.at(-1)).toEqual(['1/0']);
});

it('there is no room for more until what waits has become less than its bound', async () => {
  let finish: () => void = () => {};
  const queue = new DeliveryQueue(
    () => new Promise<void>((resolve) => (finish = resolve)),
    () => {},
  );
  let hasRoom = false;
  queue.put([message(0, 0, KIB)]);
  await turn();
  queue.put([message(0, 1, 9_000 * KIB)]);
  expect(queue.hasRoom).toBe(false);
  void queue.room().then(() => (hasRoom = true));
  await turn();
  expect(hasRoom).toBe(false);
  finish();
  await turn(20);
  expect(hasRoom).toBe(false);
  finish();
  await turn(20);
  expect(hasRoom).toBe(true);
});

it('what waits is dropped, what runs is waited for, and who waits for room goes on', async () => {
  const handled: string[] = [];
  let finish: () => void = () => {};
  const queue = new DeliveryQueue(
    async (messages) => {
      await new Promise<void>((resolve) => (finish = resolve));
      handled.push(...messages.map(named));
    },
    () => {},
  );
  queue.put([message(0, 0)]);
  await turn();
  queue.put([message(0, 1, 9_000 * KIB)]);
  const room = queue.room();
  let isDropped = false;
  const dropped = queue.drop().then(() => (isDropped = true));
  await room;
  await turn();
  expect(isDropped).toBe(false);
  finish();
  await dropped;
  await turn(20);
  expect(handled).toEqual(['0/0']);
});

it('one batch takes of every partition, up to its size, and a large message all the same', async () => {
  const batches: ReceivedMessage[][] = [];
  const queue = new DeliveryQueue(
    async (messages) => void batches.push([...messages]),
    () => {},
  );
  for (const partition of [0, 1]) queue.put(Array.from({ length: 900 }, (_, offset) => message(partition, offset)));
  queue.put([message(2, 0, 6_000 * KIB)]);
  while (batches.flat().length < 1_801) await turn();
  expect(batches[0]).toHaveLength(334 + 333 + 1);
  expect(new Set(batches[0]?.map(({ partition }) => partition)).size).toBe(3);
});
