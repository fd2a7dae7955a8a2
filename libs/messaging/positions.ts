import type { Transaction } from '#libs/database';
import type { Position, ReceivedMessage } from './broker.ts';

/**
 * The database holds less than the broker was told that it does, so it is an older one than before. Going on would pass
 * over what is missing, and nobody would know.
 */
export class LostPast extends Error {
  override readonly name = 'LostPast';
}

const PLACES_TOLD = 4;
const OFFSET_MAX = 2n ** 63n - 1n;

/** Behind each partition's last message. `messages`: those of each partition in its order. */
export function positionsAfter(messages: readonly ReceivedMessage[]): Position[] {
  const last = new Map(messages.map((message) => [placeOf(message), message]));
  return [...last.values()].map(({ topic, partition, offset }) => ({
    ...{ topic, partition },
    next: BigInt(offset) < OFFSET_MAX ? BigInt(offset) + 1n : OFFSET_MAX,
  }));
}

export function placeOf({ topic, partition }: Pick<Position, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}

/**
 * Remembers positions in the transaction of what was done up to there. One never falls: what comes again was done.
 * @returns what was remembered of these partitions before
 */
export async function rememberPositions(
  reader: Pick<Transaction, 'query'>,
  consumer: string,
  positions: readonly Position[],
): Promise<Position[]> {
  const rows = await reader.query<Row>(
    `WITH reached AS (
       SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[]) AS reached (topic, partition, next_offset)
        ORDER BY topic, partition),
          remembered AS (
       INSERT INTO consumed_position AS known (consumer, topic, partition, next_offset)
       SELECT $1, topic, partition, next_offset FROM reached
       ON CONFLICT (consumer, topic, partition) DO UPDATE
          SET next_offset = greatest(known.next_offset, excluded.next_offset))
     SELECT topic, partition, known.next_offset::text AS next
       FROM consumed_position AS known JOIN reached USING (topic, partition) WHERE consumer = $1`,
    [
      consumer,
      positions.map(({ topic }) => topic),
      positions.map(({ partition }) => partition),
      positions.map(({ next }) => next),
    ],
  );
  return rows.map(positionOf);
}

/** All that this database has of a consumer. */
export async function positionsOf(reader: Pick<Transaction, 'query'>, consumer: string): Promise<Position[]> {
  const rows = await reader.query<Row>(
    'SELECT topic, partition, next_offset::text AS next FROM consumed_position WHERE consumer = $1',
    [consumer],
  );
  return rows.map(positionOf);
}

/** Whether this database has processed anything for a consumer: from before positions were remembered, if it has none. */
export async function hasHeard(reader: Pick<Transaction, 'query'>, consumer: string): Promise<boolean> {
  const [heard] = await reader.query('SELECT FROM inbox WHERE consumer = $1 LIMIT 1', [consumer]);
  return heard !== undefined;
}

interface Row extends Omit<Position, 'next'> {
  readonly next: string;
}

const positionOf = ({ next, ...place }: Row): Position => ({ ...place, next: BigInt(next) });

/**
 * Refuses a database that is behind what its group has told the broker. One from before positions were remembered has
 * none, and begins with what the broker says.
 * @param committed of the group, asked for before: it is told the broker later than the database
 * @throws LostPast
 */
export async function requirePast(
  transaction: Pick<Transaction, 'query'>,
  consumer: string,
  committed: readonly Position[],
): Promise<void> {
  const known = new Map((await positionsOf(transaction, consumer)).map((each) => [placeOf(each), each.next]));
  const ahead = committed.filter((each) => each.next > (known.get(placeOf(each)) ?? 0n));
  if (ahead.length === 0) return;
  if (known.size === 0) {
    const heard = await hasHeard(transaction, consumer);
    if (heard) return void (await rememberPositions(transaction, consumer, committed));
  }
  const missing = ahead.reduce((sum, each) => sum + each.next - (known.get(placeOf(each)) ?? 0n), 0n);
  const places = ahead.map((each) => `${placeOf(each)} ${known.get(placeOf(each)) ?? 0} of ${each.next}`).sort();
  const told = places.slice(0, PLACES_TOLD).join(', ') + (places.length > PLACES_TOLD ? ', ...' : '');
  throw new LostPast(
    `this database is ${known.size === 0 ? 'new' : 'an older one'}: the group ${consumer} has told Kafka of ${missing} ` +
      `messages that it has no effects of (${told}). Take a newer one if there is any: a standby, the archive to its end. ` +
      `If it was put back on purpose, put it beside instead. If it is all that is left, stop all services and run: ` +
      `npm run resume -- ${consumer} (docs/OPERATING.md, A database that is lost)`,
  );
}
