/** The real Kafka and PostgreSQL of a test run: containers when `TEST_INFRA=containers`, else processes of this computer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedKafka, embeddedPostgres, KAFKA_PASSWORDS, PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { type KafkaUsers, nobody, usersOf } from '../../deploy/local/kafka/users.ts';
import { leftover, temporaryDirectory } from '../../deploy/local/processes.ts';

export interface TestInfrastructure {
  kafkaBrokers: string;
  /** Directory with the passwords of its users. Absent: it knows nobody. */
  kafkaPasswords?: string;
  /** Connection string of a superuser. */
  databaseUrl: string;
  /** Of what they write; a container's is its own. */
  logDirectory?: string;
  stop(): Promise<void>;
}

/** What `npm run test:stack` runs in this clone: its process, and where it is. */
export const RUNNING_STACK = join(PASINDO_DIRECTORY, 'test-stack');

/** Undefined: none runs. It is not ours to stop. */
export function runningStack(): TestInfrastructure | undefined {
  if (leftover(RUNNING_STACK, 'test/kit/stack.ts') === undefined) return undefined;
  const [, stack = ''] = readFileSync(RUNNING_STACK, 'utf8').split('\n');
  return { ...JSON.parse(stack), stop: async () => {} };
}

export function kafkaOf({ kafkaBrokers, kafkaPasswords }: TestInfrastructure): KafkaUsers {
  return kafkaPasswords === undefined ? nobody(kafkaBrokers) : usersOf(kafkaBrokers, kafkaPasswords);
}

export function startTestInfrastructure(): Promise<TestInfrastructure> {
  return process.env.TEST_INFRA === 'containers' ? startContainers() : startEmbedded();
}

async function startEmbedded(): Promise<TestInfrastructure> {
  const directory = temporaryDirectory();
  const options = { directory, log: console.log };
  const postgres = await embeddedPostgres({ ...options, isKept: false });
  const kafka = await embeddedKafka(options);
  return {
    kafkaBrokers: kafka.users.brokers,
    kafkaPasswords: join(directory, KAFKA_PASSWORDS),
    databaseUrl: postgres.url,
    logDirectory: join(directory, 'logs'),
    stop: async () => void (await Promise.all([kafka.stop(), postgres.stop()])),
  };
}

async function startContainers(): Promise<TestInfrastructure> {
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const [kafka, postgres] = await Promise.all([
    new KafkaContainer('confluentinc/cp-kafka:8.1.0')
      .withEnvironment({ KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false', KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0' })
      .start(),
    new PostgreSqlContainer('postgres:18').withCommand(['-c', 'max_connections=200']).start(),
  ]);
  return {
    kafkaBrokers: `${kafka.getHost()}:${kafka.getMappedPort(9093)}`,
    databaseUrl: postgres.getConnectionUri(),
    stop: async () => void (await Promise.all([kafka.stop(), postgres.stop()])),
  };
}
