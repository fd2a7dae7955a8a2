/** Kafka and PostgreSQL as processes of this computer, both in one directory. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findJava, type Kafka, type KafkaOptions, resolveJars, startKafka } from './kafka/kafka.ts';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';

/** Everything that this clone keeps and git ignores. */
export const PASINDO_DIRECTORY = fileURLToPath(new URL('../../.pasindo', import.meta.url));

/** Where the passwords of Kafka's users are kept, within the directory of all. */
export const KAFKA_PASSWORDS = 'kafka';

const JARS_DIRECTORY = join(PASINDO_DIRECTORY, 'kafka-jars');

interface EmbeddedOptions {
  directory: string;
  /** The port wanted; another one is taken if it is not free. Default: any. */
  port?: number;
  log: (line: string) => void;
}

export function embeddedKafka({
  directory,
  ...options
}: EmbeddedOptions & Pick<KafkaOptions, 'advertisedPort' | 'cluster' | 'reauthenticationMs'>): Promise<Kafka> {
  const name = `kafka${options.cluster?.nodeId ?? ''}`;
  return startKafka({
    directory: join(directory, name),
    jarsDirectory: JARS_DIRECTORY,
    passwordsDirectory: join(directory, KAFKA_PASSWORDS),
    logFile: join(directory, 'logs', `${name}.log`),
    ...options,
  });
}

/** The broker's jars hold Kafka's Java client too: which `java` runs it, with which class path. */
export async function kafkaClient(log: (line: string) => void): Promise<{ java: string; jars: string }> {
  return { java: await findJava(), jars: join(await resolveJars(JARS_DIRECTORY, log), '*') };
}

export function embeddedPostgres({
  directory,
  ...options
}: EmbeddedOptions & Pick<PostgresOptions, 'isKept'>): Promise<Postgres> {
  return startPostgres({
    directory: join(directory, 'postgres'),
    logFile: join(directory, 'logs', 'postgres.log'),
    ...options,
  });
}
