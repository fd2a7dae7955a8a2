import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { isPerChannel, type Topic, topicNamed } from '#libs/contracts';
import type { Misfit } from '../broker.ts';
import { BATCH_BYTES_MAX } from '../record-size.ts';

const DAY_MS = 86_400_000;
const FOR_EVER = -1;
const LEADERS_DEADLINE_MS = 15_000;

export function createTopics(kafka: Kafka, topics: readonly Topic[]): Promise<void> {
  return withAdmin(kafka, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: false, // kafkajs gives up on a topic that the broker does not know yet; we wait ourselves
        topics: missing.map((topic) => ({
          topic: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: -1, // the broker's default
          configEntries: Object.entries(settingsOf(topic)).map(([name, value]) => ({ name, value })),
        })),
      });
    }
    await untilLed(
      admin,
      topics.map(({ name }) => name),
    );
  });
}

export function misfitsOf(kafka: Kafka, topics: readonly Topic[]): Promise<Misfit[]> {
  return withAdmin(kafka, async (admin) => {
    const existing = await admin.listTopics();
    const expected = topics.flatMap((topic) =>
      isPerChannel(topic)
        ? existing.filter((name) => isOfAChannel(name, topic)).map((name) => ({ ...topic, name }))
        : [topic],
    );
    const names = expected.map(({ name }) => name).filter((name) => existing.includes(name));
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
    });
    const metadata = await admin.fetchTopicMetadata({ topics: names });
    return expected.flatMap((topic): Misfit[] => {
      if (!existing.includes(topic.name))
        return [{ topic: topic.name, setting: 'partitions', is: '0', wanted: String(topic.partitions) }];
      const entries = resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? [];
      const partitions = metadata.topics.find(({ name }) => name === topic.name)?.partitions.length;
      const actual = new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
      return Object.entries({ ...settingsOf(topic), partitions: String(topic.partitions) })
        .map(([setting, wanted]) => ({
          topic: topic.name,
          setting,
          is: setting === 'partitions' ? String(partitions) : (actual.get(setting) ?? 'unknown'),
          wanted,
        }))
        .filter(({ is, wanted }) => is !== wanted);
    });
  });
}

function isOfAChannel(name: string, topic: Topic): boolean {
  const place = topicNamed(name);
  return place?.topic === topic && place.channel !== undefined;
}

/** Those that we may know of. */
export function topicNames(kafka: Kafka): Promise<Set<string>> {
  return withAdmin(kafka, async (admin) => new Set(await admin.listTopics()));
}

export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Nothing is dropped before its time, changed by the broker, or refused that the outbox takes. */
function settingsOf({ retentionDays }: Topic): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'compression.type': 'producer',
    'max.message.bytes': String(BATCH_BYTES_MAX),
    'retention.ms': String(retentionDays === null ? FOR_EVER : retentionDays * DAY_MS),
  };
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
