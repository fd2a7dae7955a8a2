/**
 * Makes a Kafka what the contracts say: topics, principals with their passwords, what each may do. Channels are those that
 * have a topic, and the arguments. Environment: KAFKA_BROKERS and KAFKA_USERNAME of somebody who may do so;
 * KAFKA_PASSWORDS, the directory that keeps the passwords; KAFKA_MARKETPLACE_BYTES_PER_SECOND (1 MiB).
 */
import 'reflect-metadata';
import { ChannelId, topicNamed } from '#libs/contracts';
import { configuredKafka, existingTopics, grantAccess, type Principal } from '#libs/messaging/kafka';
import { keptPassword, passwordFile } from './passwords.ts';
import { principalsFor, topicsOf } from './principals.ts';

const { KAFKA_PASSWORDS = '', KAFKA_MARKETPLACE_BYTES_PER_SECOND = String(1_048_576) } = process.env;

try {
  const address = configuredKafka();
  if (address.user && !KAFKA_PASSWORDS) throw new Error('KAFKA_PASSWORDS is not set: where passwords are kept');
  const existing = [...(await existingTopics(address))].flatMap((name) => topicNamed(name)?.channel ?? []);
  const channels = [...new Set([...existing, ...process.argv.slice(2).map(channelOf)])].sort();
  const principals = principalsFor(channels, Number(KAFKA_MARKETPLACE_BYTES_PER_SECOND));
  await grantAccess(address, topicsOf(principals), principals, (name) => keptPassword(KAFKA_PASSWORDS, name));
  console.log(
    address.user
      ? principals.map(told).join('\n')
      : 'This Kafka knows no users: topics were made, and anybody may do anything.',
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function channelOf(text: string): string {
  const { value, fault } = ChannelId.read(text);
  if (fault) throw new Error(`A channel ${fault.message.en}`);
  return value;
}

function told({ name, writes, reads }: Principal): string {
  const namesOf = (topics: Principal['writes']) => topics.map((topic) => topic.name).join(', ') || '-';
  return `${name}: writes ${namesOf(writes)}; reads ${namesOf(reads)}; ${passwordFile(KAFKA_PASSWORDS, name)}`;
}
