/**
 * Where Kafka and PostgreSQL come from, first that applies: the environment (KAFKA_BROKERS; DATABASE_URL or
 * SERVICE_DATABASE_URL); processes of this computer; containers, when a program for these is missing and Docker answers.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { embeddedKafka, embeddedPostgres } from './embedded.ts';
import { databaseUrl, ensureDatabase } from './postgres.ts';
import { MissingProgram } from './processes.ts';
import { forEachService, SERVICES, type Service } from './services.ts';

/** Ports of the local Kafka and PostgreSQL, apart from 9092 and 5432, which servers of one's own use. */
const KAFKA_PORT = 29092;
const POSTGRES_PORT = 25432;

export interface Infrastructure {
  /** `host:port`, separated by commas. */
  kafkaBrokers: string;
  /** Connection string of each service's own database, which exists. */
  databaseUrls: Record<Service, string>;
  /** Stops what was started here; what the environment named is left alone. */
  stop(): Promise<void>;
}

interface Options {
  /** Keeps the data of what is started here. */
  directory: string;
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
    for (const service of SERVICES) {
      if (!ownDatabaseUrl(service)) await ensureDatabase(adminUrl, databaseName(service));
    }
    return {
      kafkaBrokers: kafka.value.address,
      databaseUrls: forEachService(
        (service) => ownDatabaseUrl(service) ?? databaseUrl(adminUrl, databaseName(service)),
      ),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Part {
  /** Kafka: its brokers. PostgreSQL: connection string of a user who may create databases. */
  address: string;
  stop(): Promise<void>;
}

const given = (address: string): Part => ({ address, stop: async () => {} });

async function provideKafka(options: Options): Promise<Part> {
  if (process.env.KAFKA_BROKERS) return given(process.env.KAFKA_BROKERS);
  try {
    const { brokers, stop } = await embeddedKafka({ ...options, port: KAFKA_PORT });
    options.log(`Kafka: ready at ${brokers}`);
    return { address: brokers, stop };
  } catch (error) {
    return inContainer('kafka', `127.0.0.1:${KAFKA_PORT}`, 'KAFKA_BROKERS', error, options.log);
  }
}

async function providePostgres(options: Options): Promise<Part> {
  if (process.env.DATABASE_URL) return given(process.env.DATABASE_URL);
  if (SERVICES.every(ownDatabaseUrl)) return given('');
  try {
    const { url, stop } = await embeddedPostgres({ ...options, port: POSTGRES_PORT });
    options.log(`PostgreSQL: ready at ${new URL(url).host}`);
    return { address: url, stop };
  } catch (error) {
    const address = `postgres://postgres:pasindo@127.0.0.1:${POSTGRES_PORT}/postgres`; // as docker-compose.yml sets it
    return inContainer('postgres', address, 'DATABASE_URL', error, options.log);
  }
}

const databaseName = (service: Service): string => `pasindo_${service}`;
const ownDatabaseUrl = (service: Service): string | undefined => process.env[`${service.toUpperCase()}_DATABASE_URL`];

/** One service of docker-compose.yml, when the embedded one failed because a program is missing. */
async function inContainer(
  service: 'kafka' | 'postgres',
  address: string,
  variable: string,
  failure: unknown,
  log: (line: string) => void,
): Promise<Part> {
  if (!(failure instanceof MissingProgram)) throw failure;
  const docker = (...command: string[]) =>
    promisify(execFile)('docker', ['compose', ...command], { cwd: fileURLToPath(new URL('../..', import.meta.url)) });
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
  log(`${failure.message} is missing: starting ${service} with Docker`);
  await docker('up', '--detach', '--wait', service);
  return { address, stop: async () => void (await docker('stop', service)) };
}
