/** A checkout of Pasindo under measurement: its services, over a broker and a database server of this one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { configuredKafka, type KafkaAddress } from '#libs/messaging/kafka';
import type * as build from '../../deploy/local/build.ts';
import type * as embedded from '../../deploy/local/embedded.ts';
import { embeddedPostgres } from '../../deploy/local/embedded.ts';
import type { Kafka } from '../../deploy/local/kafka/kafka.ts';
import type * as users from '../../deploy/local/kafka/users.ts';
import { type KafkaUsers, nobody } from '../../deploy/local/kafka/users.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { databaseUrl, ensureDatabase } from '../../deploy/local/postgres.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { forEachService, SERVICES, type Service } from '../../deploy/local/services.ts';
import type * as supervisor from '../../deploy/local/supervisor.ts';
import { startIssuer } from '../kit/issuer.ts';
import { queryOnce } from './sql.ts';

export const THIS_CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

export interface Subject {
  readonly addresses: Record<Service, string>;
  /** Of the broker. */
  readonly administrator: KafkaAddress;
  /** As the marketplace whose checkouts are sent. */
  readonly marketplace: KafkaAddress;
  readonly checkoutTopic: string;
  /** Connection string of the server's administrator. */
  readonly postgresUrl: string;
  /** First process of each part; those that it starts belong to it. */
  readonly processes: Readonly<Record<Service | 'kafka' | 'postgres', number>>;
  stop(): Promise<void>;
}

/**
 * Starts the services of a checkout, built and installed, with nothing in their databases.
 * @param checkout its directory; another version than this one brings its own way of starting its services
 */
export async function startSubject(checkout: string, log: (line: string) => void): Promise<Subject> {
  const from = <Module>(file: string): Promise<Module> =>
    import(pathToFileURL(join(checkout, 'deploy/local', file)).href);
  const { buildIfStale } = await from<typeof build>('build.ts');
  const { startServices } = await from<typeof supervisor>('supervisor.ts');
  await buildIfStale(log);

  const directory = temporaryDirectory();
  const postgres = await embeddedPostgres({ directory, log: () => {} });
  await queryOnce(postgres.url, `ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`);
  await postgres.stop();
  await postgres.start();
  await queryOnce(postgres.url, 'CREATE EXTENSION pg_stat_statements');
  const { kafka, users, checkoutTopic } = await startBroker(directory, from);
  for (const service of SERVICES) await ensureDatabase(postgres.url, service);
  const ports = {} as Record<Service, number>;
  for (const service of SERVICES) ports[service] = await freePort();
  const issuer = await startIssuer();
  Object.assign(process.env, issuer.environment);
  const infrastructure = {
    kafka: users,
    kafkaBrokers: users.brokers, // the name that older versions know
    databaseUrls: forEachService((service) => databaseUrl(postgres.url, service)),
  };
  const services = await startServices({
    infrastructure,
    ports,
    directory,
    log,
  });
  const pidIn = (...path: string[]): number => Number.parseInt(readFileSync(join(directory, ...path), 'utf8'), 10);
  return {
    addresses: services.addresses,
    administrator: configuredKafka(users.administrator),
    marketplace: configuredKafka(users.as('mp-blanja')),
    checkoutTopic,
    postgresUrl: postgres.url,
    processes: {
      ...forEachService((service) => pidIn(`${service}.pid`)),
      kafka: pidIn('kafka', 'kafka.pid'),
      postgres: Number(await postmaster(postgres.url)),
    },
    stop: async () => {
      await services.stop();
      await Promise.all([kafka.stop(), postgres.stop(), issuer.stop()]);
    },
  };
}

type Older = Pick<KafkaUsers, 'brokers'> & Pick<Kafka, 'stop'>;

/** As the version runs it: older ones know no users, and all channels had one topic. */
async function startBroker(directory: string, from: <Module>(file: string) => Promise<Module>) {
  const { embeddedKafka } = await from<typeof embedded>('embedded.ts');
  const kafka = (await embeddedKafka({ directory, log: () => {} })) as Kafka | Older;
  if (!('users' in kafka)) return { kafka, users: nobody(kafka.brokers), checkoutTopic: 'checkout.v1' };
  const { makeAccess } = await from<typeof users>('kafka/users.ts');
  await makeAccess(kafka.users, ['blanja'], { KAFKA_MARKETPLACE_BYTES_PER_SECOND: String(2 ** 40) });
  return { kafka, users: kafka.users, checkoutTopic: 'checkout.blanja.v1' };
}

/** The server's first process: its data may lie where it can be reached by its own user only. */
async function postmaster(url: string): Promise<string> {
  const [row] = await queryOnce<{ pid: string }>(
    url,
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
  );
  if (!row) throw new Error('the server does not say who it is');
  return row.pid;
}
