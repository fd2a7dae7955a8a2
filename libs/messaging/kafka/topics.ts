import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import type { Topic } from '#libs/contracts';

const DAY_MS = 86_400_000;
/** Of one partition's batch. An order of 2,000 lines with its lots and makers is below 1 MiB. */
const MESSAGE_BYTES_MAX = 4_194_304;
const LEADERS_DEADLINE_MS = 15_000;

/** Creates the topics that are missing; those that exist stay as they are. Several services may do so at once. */
export async function createTopics(kafka: Kafka, topics: readonly Topic[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: false, // kafkajs gives up on a topic that the broker does not know yet; we wait ourselves
        topics: missing.map(({ name, partitions, retentionDays }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor: -1, // the broker's default
          configEntries: [
            { name: 'retention.ms', value: String(retentionDays * DAY_MS) },
            { name: 'max.message.bytes', value: String(MESSAGE_BYTES_MAX) },
          ],
        })),
      });
    }
    await untilLed(
      admin,
      topics.map(({ name }) => name),
    );
  } finally {
    await admin.disconnect();
  }
}

async function untilLed(admin: Admin, names: string[]): Promise<void> {
  const deadline = Date.now() + LEADERS_DEADLINE_MS;
  while (!(await areLed(admin, names))) {
    if (Date.now() > deadline) throw new Error(`topics without a leader: ${names.join(', ')}`);
    await sleep(50);
  }
}

async function areLed(admin: Admin, names: string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    return topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
  } catch {
    return false; // the broker does not know them yet
  }
}
