import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Event, orderPaid, refundRequested } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { configuredKeys, Sealer } from '#libs/sealing';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { eventually } from '../../test/kit/service.ts';
import { BatchProcessor } from './batch-processor.ts';
import type { Position, ReceivedMessage } from './broker.ts';
import { toMessage } from './cloud-events.ts';
import { DeadLetters, SEALED_FOR } from './dead-letters.ts';
import { newEvent, newId } from './event.ts';
import { configuredKafka } from './kafka/address.ts';
import { KafkaBroker } from './kafka/kafka-broker.ts';
import { resume } from './kafka/positions.ts';
import { messagingMigrations } from './migration.ts';
import { Outbox } from './outbox.ts';
import { LostPast, positionsOf, requirePast } from './positions.ts';

const TOPIC = orderPaid.topic.name;

let testDatabase: TestDatabase;
let database: Database;
let consumer: string;
let processor: BatchProcessor;
/** Of what is handled. */
let handled: string[];
let failing: ReadonlySet<string>;

beforeAll(async () => {
  testDatabase = await createDatabase();
  database = await Database.open(testDatabase.url, messagingMigrations);
});
beforeEach(() => {
  consumer = `consumer-${randomUUID()}`;
  handled = [];
  failing = new Set();
  start();
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

function start(): void {
  const handler = async (events: Event[]) => {
    if (events.some(({ key }) => failing.has(key))) throw new TypeError('undefined is not a function');
    handled.push(...events.map(({ key }) => key));
  };
  const letters = new DeadLetters(consumer, new Sealer(configuredKeys('SEALING_KEYS'), SEALED_FOR));
  processor = new BatchProcessor(database, new Outbox(), letters, consumer, new Map([[orderPaid.type, handler]]));
}

function received(event: Event, offset: number, partition = 0): ReceivedMessage {
  const { topic, key, headers, value } = toMessage(event);
  return {
    ...{ topic, partition, offset: String(offset), timestamp: '1767582000000', key: Buffer.from(key as string) },
    headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const),
    value: Buffer.from(value),
  };
}
const paid = (orderId: string, offset: number, partition = 0) =>
  received(newEvent(orderPaid, { orderId }, { correlationId: newId() }), offset, partition);
const forOthers = (offset: number, partition = 0) => {
  const data = { refundId: 'a/b/1#1', orderId: 'a/b', amount: 1 };
  return received(newEvent(refundRequested, data, { correlationId: newId() }), offset, partition);
};
const at = (partition: number, next: number, topic = TOPIC): Position => ({ topic, partition, next: BigInt(next) });
const known = async () =>
  (await positionsOf(database, consumer)).map(({ partition, next }) => [partition, Number(next)]).sort();

describe('what a database has processed, it knows', () => {
  it('of each partition, what others are told included', async () => {
    expect(await processor.process([paid('a', 4), forOthers(5), paid('b', 9, 1), forOthers(7, 2)])).toBe(true);
    expect(await known()).toEqual([
      [0, 6],
      [1, 10],
      [2, 8],
    ]);
  });

  it('nothing is written when nothing is for us, and then the broker is not told either', async () => {
    expect(await processor.process([forOthers(5)])).toBe(false);
    expect(await known()).toEqual([]);
  });

  it('nothing of what is undone, and poison when it is buried', async () => {
    failing = new Set(['bad']);
    await processor.process([paid('good', 1), paid('bad', 2), paid('better', 3)]);
    expect(handled).toEqual(['good', 'better']);
    expect(await known()).toEqual([[0, 4]]);
    const lost = database.transaction(async () => {
      throw new Error('changed our mind');
    });
    await expect(lost).rejects.toThrow();
    expect(await known()).toEqual([[0, 4]]);
  });

  it('what comes again takes nothing back', async () => {
    await processor.process([paid('a', 4), paid('b', 5)]);
    await processor.process([paid('a', 4)]);
    expect(await known()).toEqual([[0, 6]]);
  });
});

describe('a database that is behind what its group has told the broker', () => {
  it('is refused at the start, with what is missing and what can be done', async () => {
    await processor.process([paid('a', 4), paid('b', 9, 1)]);
    await requirePast(database, consumer, [at(0, 5), at(1, 3)]);
    const refusal = requirePast(database, consumer, [at(0, 8), at(1, 10), at(2, 2)]);
    await expect(refusal).rejects.toThrow(LostPast);
    await expect(refusal).rejects.toThrow(
      `this database is an older one: the group ${consumer} has told Kafka of 5 messages that it has no effects of ` +
        `(${TOPIC}/0 5 of 8, ${TOPIC}/2 0 of 2)`,
    );
    await expect(refusal).rejects.toThrow(`npm run resume -- ${consumer}`);
  });

  it('is refused when it is new, and the group is not', async () => {
    await expect(requirePast(database, consumer, [at(0, 8)])).rejects.toThrow('this database is new');
  });

  it('is believed once when it is from before it knew', async () => {
    await database.query('INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)', [consumer, randomUUID()]);
    await requirePast(database, consumer, [at(0, 8), at(1, 10)]);
    expect(await known()).toEqual([
      [0, 8],
      [1, 10],
    ]);
    await expect(requirePast(database, consumer, [at(0, 9)])).rejects.toThrow(LostPast);
  });

  it('is found while a service runs, too: nothing is processed on it', async () => {
    await processor.process([paid('a', 4)]);
    await database.query('UPDATE consumed_position SET next_offset = 3 WHERE consumer = $1', [consumer]);
    await expect(processor.process([paid('b', 5)])).rejects.toThrow(LostPast);
    expect(await known()).toEqual([[0, 3]]);
  });
});

describe('a group that is ahead of its database', () => {
  const topic = `positions-${randomUUID()}`;
  const broker = new KafkaBroker(topic);
  const hear = async (count: number): Promise<string[]> => {
    const offsets: string[] = [];
    const member = broker.subscription(topic, [topic], async (messages) => {
      offsets.push(...messages.map(({ offset }) => offset));
    });
    await member.start();
    await eventually(
      () => offsets,
      (all) => all.length >= count,
    );
    await member.stop();
    return offsets;
  };

  it('goes on from an instant where the database does not know, from where it stands, and else as it was', async () => {
    await broker.createTopics([{ name: topic, key: 'any', partitions: 1, retentionDays: 1 }]);
    const publisher = broker.publisher();
    await publisher.publish(['a', 'b', 'c', 'd', 'e'].map((value) => ({ topic, key: 'k', headers: {}, value })));
    await publisher.close();
    expect(await hear(5)).toHaveLength(5);
    expect(await broker.committed(topic)).toEqual([at(0, 5, topic)]);

    const stands = (next: number) =>
      database.query(
        `INSERT INTO consumed_position VALUES ($1, $1, 0, $2)
         ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset`,
        [topic, next],
      );
    expect(await resume(configuredKafka(), topic, database, new Date(0))).toEqual([{ ...at(0, 0, topic), was: 5n }]);
    expect(await hear(5)).toHaveLength(5);
    await stands(3);
    expect(await resume(configuredKafka(), topic, database)).toEqual([{ ...at(0, 3, topic), was: 5n }]);
    expect(await hear(2)).toEqual(['3', '4']);
    await stands(5);
    expect(await resume(configuredKafka(), topic, database)).toEqual([]);
  });
});

describe('an event that another one causes', () => {
  const cause = { id: newId(), correlationId: newId(), time: '2026-01-05T10:00:00.000Z' };
  const caused = (orderId: string) => newEvent(orderPaid, { orderId }, cause);
  const idsOf = async (outbox: Outbox, events: Event[], inDatabase = database): Promise<string[]> => {
    let ids: string[] = [];
    const work = inDatabase.transaction(async (transaction: Transaction) => {
      await transaction.query('DELETE FROM outbox');
      for (const event of events) await outbox.append(transaction, [event]);
      const rows = await transaction.query<{ headers: string }>('SELECT headers FROM outbox ORDER BY seq');
      ids = rows.map(({ headers }) => JSON.parse(headers).ce_id);
      throw new Error('undone');
    });
    await expect(work).rejects.toThrow('undone');
    return ids;
  };

  it('has the id that it had before, when it is done again', async () => {
    const events = () => [caused('a'), caused('b'), caused('a')];
    const first = await idsOf(new Outbox(), events());
    expect(new Set(first).size).toBe(3);
    expect(await idsOf(new Outbox(), events())).toEqual(first);
    const [again] = await idsOf(new Outbox(), [caused('b')]);
    expect(again).toBe(first[1]);
    expect(parseInt((again as string).replace('-', '').slice(0, 12), 16)).toBe(Date.parse(cause.time));
  });

  it('has one that nobody can make who has not the database', async () => {
    const other = await createDatabase();
    const elsewhere = await Database.open(other.url, messagingMigrations);
    const ids = [
      ...(await idsOf(new Outbox(), [caused('a')])),
      ...(await idsOf(new Outbox(), [caused('a')], elsewhere)),
    ];
    expect(new Set(ids).size).toBe(2);
    await expect(database.query('UPDATE event_namespace SET namespace = gen_random_uuid()')).rejects.toThrow(
      /permission denied/,
    );
    await elsewhere.onApplicationShutdown();
    await other.drop();
  });

  it('of a request, which nobody makes again, has an id of its own', async () => {
    const asked = newEvent(orderPaid, { orderId: 'a' }, { correlationId: newId() });
    expect(await idsOf(new Outbox(), [asked])).toEqual([asked.id]);
  });
});
