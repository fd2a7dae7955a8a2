import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import type { Transaction } from '#libs/database';
import type { Position } from '../broker.ts';
import { hasHeard, placeOf, positionsOf } from '../positions.ts';
import type { KafkaAddress } from './address.ts';
import { connectKafka } from './client.ts';
import { clusterOf } from './cluster.ts';
import { withAdmin } from './topics.ts';

/** A broker that has just started, or has much to do, may not know of the group for a while. */
const PATIENCE_MS = 20_000;
const RETRY_DELAY_MS = 200;

async function patiently<T>(kafka: Kafka, ask: (admin: Admin) => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(RETRY_DELAY_MS)) {
    try {
      return await withAdmin(kafka, ask);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

/** What a broker was told of a group; a partition of which it was told nothing is not there. */
export function committedOf(kafka: Kafka, groupId: string): Promise<Position[]> {
  return patiently(kafka, async (admin) => {
    const topics = await admin.fetchOffsets({ groupId });
    return topics.flatMap(({ topic, partitions }) =>
      partitions
        .map(({ partition, offset }) => ({ topic, partition, next: BigInt(offset) }))
        .filter(({ next }) => next >= 0n),
    );
  });
}

/** A partition that a group goes on in from further back. */
export interface Resumed extends Position {
  /** Where it would have gone on. */
  readonly was: bigint;
}

/**
 * Lets a group that nobody is a member of go on from where its database stands, in all partitions that it is ahead in.
 * @param before for a database that does not know: from the first message of this instant
 */
export async function resume(
  address: KafkaAddress,
  group: string,
  database: Pick<Transaction, 'query'>,
  before?: Date,
): Promise<Resumed[]> {
  const kafka = connectKafka('resume', address);
  const known = new Map((await positionsOf(database, group)).map((each) => [placeOf(each), each.next]));
  if (known.size === 0 && !before && (await hasHeard(database, group))) {
    throw new Error(NO_POSITIONS); // else it is new, and hears everything
  }
  const committed = await committedOf(kafka, group);
  const topics = [...new Set(committed.map(({ topic }) => topic))];
  const first = before ? await firstOf(kafka, topics, before) : new Map<string, bigint>();
  const resumed = committed.flatMap(({ next: was, ...place }) => {
    const next = known.get(placeOf(place)) ?? first.get(placeOf(place)) ?? 0n;
    return next < was ? [{ ...place, next, was }] : [];
  });
  await commitAs(kafka, group, resumed);
  return resumed;
}

/** By partition, the offset of the first message of an instant or later. */
export async function firstOf(kafka: Kafka, topics: readonly string[], since: Date): Promise<Map<string, bigint>> {
  const first = await patiently(kafka, (admin) =>
    Promise.all(
      topics.map(async (topic) => {
        const partitions = await admin.fetchTopicOffsetsByTimestamp(topic, since.getTime());
        return partitions.map(({ partition, offset }) => [placeOf({ topic, partition }), BigInt(offset)] as const);
      }),
    ),
  );
  return new Map(first.flat());
}

/** Where a group goes on that has no members; a broker refuses it while there are any. */
export async function commitAs(kafka: Kafka, groupId: string, positions: readonly Position[]): Promise<void> {
  if (positions.length === 0) return;
  const topics = [...Map.groupBy(positions, ({ topic }) => topic)].map(([topic, some]) => ({
    topic,
    partitions: some.map(({ partition, next }) => ({ partition, offset: String(next) })),
  }));
  const cluster = clusterOf(kafka);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const coordinator = await cluster.findGroupCoordinator({ groupId });
    await coordinator.offsetCommit({ groupId, groupGenerationId: -1, memberId: '', topics });
  } finally {
    await cluster.disconnect();
  }
}

const NO_POSITIONS =
  'This database does not know what it has processed: say from when on it may have missed something.';
