import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '#libs/contracts';
import { read } from '../cloud-events.ts';
import { newId } from '../event.ts';
import { placeOf } from '../positions.ts';
import type { KafkaAddress } from './address.ts';
import { connectKafka } from './client.ts';
import { KafkaConsumer } from './consumer.ts';
import { commitAs, firstOf } from './positions.ts';
import { withAdmin } from './topics.ts';

const LOOK_INTERVAL_MS = 50;

/** All events of a topic from an instant until now, those of each partition in its order, by a group of its own. */
export async function eventsSince(address: KafkaAddress, topic: string, since: Date): Promise<Event[]> {
  const group = `since.${newId()}`;
  const kafka = connectKafka(group, address);
  const first = await firstOf(kafka, [topic], since);
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const missing = new Map(
    ends.flatMap(({ partition, high }) => {
      const next = first.get(placeOf({ topic, partition })) ?? 0n;
      return BigInt(high) > next ? [[partition, { next, last: BigInt(high) - 1n }] as const] : [];
    }),
  );
  await commitAs(
    kafka,
    group,
    ends.map(({ partition, high }) => ({ topic, partition, next: missing.get(partition)?.next ?? BigInt(high) })),
  );
  const events: Event[] = [];
  const consumer = new KafkaConsumer(kafka, group, group, [topic], async (messages) => {
    for (const message of messages) {
      events.push(read(message).event);
      const { last = 0n } = missing.get(message.partition) ?? {};
      if (BigInt(message.offset) >= last) missing.delete(message.partition);
    }
  });
  if (missing.size > 0) await consumer.start();
  while (missing.size > 0) await sleep(LOOK_INTERVAL_MS);
  await consumer.stop();
  return events;
}
