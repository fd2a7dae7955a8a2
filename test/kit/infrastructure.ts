/** The real Kafka and PostgreSQL of a test run: containers when `TEST_INFRA=containers`, else processes of this computer. */
import { join } from 'node:path';
import { embeddedKafka, embeddedPostgres } from '../../deploy/local/embedded.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';

export interface TestInfrastructure {
  kafkaBrokers: string;
  /** Connection string of a superuser. */
  databaseUrl: string;
  /** Of what they write; a container's is its own. */
  logDirectory?: string;
  stop(): Promise<void>;
}

export function startTestInfrastructure(): Promise<TestInfrastructure> {
  return process.env.TEST_INFRA === 'containers' ? startContainers() : startEmbedded();
}

async function startEmbedded(): Promise<TestInfrastructure> {
  const directory = temporaryDirectory();
  const options = { directory, log: console.log };
  const postgres = await embeddedPostgres(options);
  const kafka = await embeddedKafka(options);
  return {
    kafkaBrokers: kafka.brokers,
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
