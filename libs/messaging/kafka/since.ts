import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '#libs/contracts';
import { read } from '../cloud-events.ts';
import { newId } from '../event.ts';
import type { KafkaAddress } from './address.ts';
import { connectKafka } from './client.ts';
import { KafkaConsumer } from './consumer.ts';
import { withAdmin } from './topics.ts';

const LOOK_INTERVAL_MS = 50;

/** All events of a topic from an instant until now, those of each partition in its order, by a group of its own. */
export async function eventsSince(address: KafkaAddress, topic: string, since: Date): Promise<Event[]> {
  const group = `since.${newId()}`;
  const kafka = connectKafka(group, address);
  const missing = await withAdmin(kafka, async (admin) => {
    const first = await admin.fetchTopicOffsetsByTimestamp(topic, since.getTime());
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.setOffsets({ groupId: group, topic, partitions: first });
    const from = new Map(first.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return new Map(
      ends.flatMap(({ partition, high }) =>
        BigInt(high) > (from.get(partition) ?? 0n) ? [[partition, BigInt(high) - 1n] as const] : [],
      ),
    );
  });
  const events: Event[] = [];
  const consumer = new KafkaConsumer(kafka, group, group, [topic], async (messages) => {
    for (const message of messages) {
      events.push(read(message).event);
      if (BigInt(message.offset) >= (missing.get(message.partition) ?? 0n)) missing.delete(message.partition);
    }
  });
  if (missing.size > 0) await consumer.start();
  while (missing.size > 0) await sleep(LOOK_INTERVAL_MS);
  await consumer.stop();
  return events;
}
