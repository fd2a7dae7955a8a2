import type { Kafka } from 'kafkajs';
import type { Topic } from '#libs/contracts';

const DAY_MS = 86_400_000;

/** Creates the topics that are missing; those that exist stay as they are. */
export async function createTopics(kafka: Kafka, topics: readonly Topic[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, retentionDays }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: -1, // the broker's default
        configEntries: [{ name: 'retention.ms', value: String(retentionDays * DAY_MS) }],
      })),
    });
  } finally {
    await admin.disconnect();
  }
}
