/** Kafka and PostgreSQL as processes of this computer, both in one directory. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Kafka, type KafkaOptions, startKafka } from './kafka/kafka.ts';
import { type Postgres, startPostgres } from './postgres.ts';

/** Everything that this clone keeps and git ignores. */
export const PASINDO_DIRECTORY = fileURLToPath(new URL('../../.pasindo', import.meta.url));

interface EmbeddedOptions {
  directory: string;
  /** The port wanted; another one is taken if it is not free. Default: any. */
  port?: number;
  log: (line: string) => void;
}

export function embeddedKafka({
  directory,
  ...options
}: EmbeddedOptions & Pick<KafkaOptions, 'advertisedPort' | 'cluster'>): Promise<Kafka> {
  const name = `kafka${options.cluster?.nodeId ?? ''}`;
  return startKafka({
    directory: join(directory, name),
    jarsDirectory: join(PASINDO_DIRECTORY, 'kafka-jars'),
    logFile: join(directory, 'logs', `${name}.log`),
    ...options,
  });
}

export function embeddedPostgres({ directory, ...options }: EmbeddedOptions): Promise<Postgres> {
  return startPostgres({
    directory: join(directory, 'postgres'),
    logFile: join(directory, 'logs', 'postgres.log'),
    ...options,
  });
}
