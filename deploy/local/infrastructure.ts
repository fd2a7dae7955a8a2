/**
 * Where Kafka and PostgreSQL come from, first that applies: the environment (KAFKA_BROKERS; DATABASE_URL or
 * SERVICE_DATABASE_URL); processes of this computer; containers, when a program for these is missing and Docker answers.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { keptPassword, passwordFile } from '../kafka/passwords.ts';
import { embeddedKafka, embeddedPostgres, KAFKA_PASSWORDS } from './embedded.ts';
import { ADMINISTRATOR, type KafkaUsers, makeAccess, nobody, usersOf } from './kafka/users.ts';
import { databaseUrl, ensureDatabase } from './postgres.ts';
import { MissingProgram } from './processes.ts';
import { forEachOf, PROGRAMS, type Program } from './services.ts';

/** Ports of the local Kafka and PostgreSQL, apart from 9092 and 5432, which servers of one's own use. */
const KAFKA_PORT = 29092;
const POSTGRES_PORT = 25432;

export interface Infrastructure {
  /** Whose topics and principals are made. */
  kafka: KafkaUsers;
  /** Connection string of each program's own database, which exists. */
  databaseUrls: Record<Program, string>;
  /** Stops what was started here; what the environment named is left alone. */
  stop(): Promise<void>;
}

interface Options {
  /** Keeps the data of what is started here, and the passwords of Kafka's users. */
  directory: string;
  /** Marketplaces and shops that are to have a topic. */
  channels: readonly string[];
  log: (line: string) => void;
}

/** @throws Error with one message that says what to install or to set, when there is no way */
export async function startInfrastructure(options: Options): Promise<Infrastructure> {
  const [kafka, postgres] = await Promise.allSettled([provideKafka(options), providePostgres(options)]);
  const stop = async (): Promise<void> => {
    if (kafka.status === 'fulfilled') await kafka.value.stop();
    if (postgres.status === 'fulfilled') await postgres.value.stop();
  };
  try {
    if (kafka.status === 'rejected') throw kafka.reason;
    if (postgres.status === 'rejected') throw postgres.reason;
    const adminUrl = postgres.value.address;
    for (const service of PROGRAMS) {
      if (!ownDatabaseUrl(service)) await ensureDatabase(adminUrl, databaseName(service));
    }
    return {
      kafka: kafka.value.users,
      databaseUrls: forEachOf(
        PROGRAMS,
        (program) => ownDatabaseUrl(program) ?? databaseUrl(adminUrl, databaseName(program)),
      ),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Part {
  stop(): Promise<void>;
}

/** `address`: connection string of a user who may create databases. */
type PostgresPart = Part & { address: string };
type KafkaPart = Part & { users: KafkaUsers };

const notOurs: Part = { stop: async () => {} };

async function provideKafka(options: Options): Promise<KafkaPart> {
  const kafka = await findKafka(options);
  try {
    await makeAccess(kafka.users, options.channels);
  } catch (error) {
    await kafka.stop();
    throw error;
  }
  return kafka;
}

async function findKafka(options: Options): Promise<KafkaPart> {
  const { directory, log } = options;
  const brokers = process.env.KAFKA_BROKERS;
  if (brokers) return { ...notOurs, users: configuredUsers(brokers, directory) };
  try {
    const { users, stop } = await embeddedKafka({ directory, log, port: KAFKA_PORT });
    log(`Kafka: ready at ${users.brokers}`);
    return { users, stop };
  } catch (error) {
    const part = await inContainer('kafka', 'KAFKA_BROKERS', error, options);
    return { ...part, users: nobody(`127.0.0.1:${KAFKA_PORT}`) };
  }
}

/** The Kafka that the environment names, else the one that `npm start` runs. */
export function localKafka(directory: string): KafkaUsers {
  const brokers = process.env.KAFKA_BROKERS;
  if (brokers) return configuredUsers(brokers, directory);
  const [ours, passwords] = [`127.0.0.1:${KAFKA_PORT}`, join(directory, KAFKA_PASSWORDS)];
  return existsSync(passwordFile(passwords, ADMINISTRATOR)) ? usersOf(ours, passwords) : nobody(ours);
}

/** Without a user name it knows nobody. */
function configuredUsers(brokers: string, directory: string): KafkaUsers {
  if (!process.env.KAFKA_USERNAME) return nobody(brokers);
  return usersOf(brokers, join(directory, KAFKA_PASSWORDS), { KAFKA_BROKERS: brokers });
}

async function providePostgres(options: Options): Promise<PostgresPart> {
  if (process.env.DATABASE_URL) return { ...notOurs, address: process.env.DATABASE_URL };
  if (PROGRAMS.every(ownDatabaseUrl)) return { ...notOurs, address: '' };
  try {
    const { url, stop } = await embeddedPostgres({ ...options, port: POSTGRES_PORT });
    options.log(`PostgreSQL: ready at ${new URL(url).host}`);
    return { address: url, stop };
  } catch (error) {
    const part = await inContainer('postgres', 'DATABASE_URL', error, options);
    return {
      ...part,
      address: `postgres://postgres:${containerPassword(options)}@127.0.0.1:${POSTGRES_PORT}/postgres`,
    };
  }
}

/** Of the PostgreSQL in a container, which knows it from its first start on. */
function containerPassword({ directory }: Options): string {
  return process.env.POSTGRES_PASSWORD ?? keptPassword(directory, 'postgres-container');
}

const databaseName = (service: Program): string => `pasindo_${service}`;
const ownDatabaseUrl = (service: Program): string | undefined => process.env[`${service.toUpperCase()}_DATABASE_URL`];

/** One service of docker-compose.yml, when the embedded one failed because a program is missing. */
async function inContainer(
  service: 'kafka' | 'postgres',
  variable: string,
  failure: unknown,
  options: Options,
): Promise<Part> {
  if (!(failure instanceof MissingProgram)) throw failure;
  const env = { ...process.env, POSTGRES_PASSWORD: containerPassword(options) }; // compose wants it of whatever it runs
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const docker = (...command: string[]) => promisify(execFile)('docker', ['compose', ...command], { cwd, env });
  const answers = await docker('ps').then(
    () => true,
    () => false,
  );
  if (!answers) {
    throw new Error(
      `${failure.message} is missing. Install it (Debian: apt-get install default-jdk-headless maven), ` +
        `or set ${variable} to a server of your own, or start Docker.`,
    );
  }
  options.log(`${failure.message} is missing: starting ${service} with Docker`);
  await docker('up', '--detach', '--wait', service);
  return { stop: async () => void (await docker('stop', service)) };
}
