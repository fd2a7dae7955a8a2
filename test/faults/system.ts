/** The whole system as it runs in production, with a hand on everything that can fail. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { DEMO_CHANNELS } from '../../deploy/demo/demo.ts';
import { type Backups, startBackups } from '../../deploy/ha/backups.ts';
import { type Cluster, startCluster } from '../../deploy/ha/cluster.ts';
import { embeddedKafka, embeddedPostgres, KAFKA_PASSWORDS } from '../../deploy/local/embedded.ts';
import { type Kafka, newClusterId } from '../../deploy/local/kafka/kafka.ts';
import { type KafkaUsers, makeAccess, usersOf } from '../../deploy/local/kafka/users.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { databaseUrl, ensureDatabase, type Postgres, personalKeysUrl } from '../../deploy/local/postgres.ts';
import { type RunningProcess, startProcess, temporaryDirectory } from '../../deploy/local/processes.ts';
import { forEachService, SERVICES, type Service } from '../../deploy/local/services.ts';
import { startIssuer } from '../kit/issuer.ts';
import { metricsOf } from '../kit/metrics.ts';
import { newSealKey } from '../kit/seal-key.ts';
import { startProxy, type TcpProxy } from './proxy.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLOCK = fileURLToPath(new URL('clock.ts', import.meta.url));
const RESTART_DELAY_MS = 250;
const READY_DEADLINE_MS = 60_000;
const METRICS_DEADLINE_MS = 5_000;
/** So often that it comes to pass in the middle of every fault that lasts. */
const REAUTHENTICATION_MS = 30_000;

/** Longer than any round: no order may expire, whatever happens to the system or to a clock. */
const RESERVATION_MINUTES = '20';

const UNLIMITED_BYTES = 2 ** 40;

export interface Broker {
  readonly kafka: Kafka;
  readonly proxy: TcpProxy;
}

/** One process of a service. It is started again when it dies. */
export interface Instance {
  /** `orders-1`; also its `application_name` in PostgreSQL. */
  readonly name: string;
  readonly address: string;
  readonly pid: number;
  /** Events that came to it again and were left out, since it was first started. */
  duplicates(): Promise<number>;
  /** kill -9; it is started again. */
  kill(): Promise<void>;
  /** Asks it to end and does not start it again. */
  stop(): Promise<void>;
}

export interface System {
  readonly directory: string;
  readonly brokers: readonly Broker[];
  /** As services and marketplaces know it: by the addresses of the proxies. */
  readonly kafka: KafkaUsers;
  readonly postgres: Postgres;
  /** The same, where it is a cluster. */
  readonly cluster: Cluster | undefined;
  /** Of it, where it is backed up. */
  readonly backups: Backups | undefined;
  /** In front of each service's database. */
  readonly databaseProxies: Record<Service, TcpProxy>;
  /** Past the proxies. */
  readonly databaseUrls: Record<Service, string>;
  instances(service: Service): readonly Instance[];
  /** Starts or stops instances of a service until there are so many, and waits until all are ready. */
  scale(service: Service, count: number): Promise<void>;
  /** Brings a service's databases to what this release wants. */
  migrate(service: Service): Promise<void>;
  /** An instance of this release takes the place of one of the release before, after both have run for a while. */
  exchange(service: Service, besideMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface SystemOptions {
  /** 1, or 3 with three copies of everything. */
  readonly brokerCount: 1 | 3;
  /** One server, without or with backups; or a cluster whose standby has what was committed, or comes after. */
  readonly database: 'single' | 'backed-up' | 'ha' | 'ha-asynchronous';
  /** Where the release is that runs at first, built; else it is this one. */
  readonly release?: string | undefined;
  log(line: string): void;
}

export async function startSystem({ brokerCount, database, release = ROOT, log }: SystemOptions): Promise<System> {
  const directory = temporaryDirectory();
  const { postgres, cluster, backups } = await startDatabase(directory, database, log);
  const brokers = await startBrokers(directory, brokerCount, log);
  const kafkaBrokers = brokers.map(({ proxy }) => `127.0.0.1:${proxy.port}`).join();
  const kafka = usersOf(kafkaBrokers, join(directory, KAFKA_PASSWORDS));
  await makeAccess(kafka, DEMO_CHANNELS, { KAFKA_MARKETPLACE_BYTES_PER_SECOND: String(UNLIMITED_BYTES) });

  const databaseUrls = forEachService((service) => databaseUrl(postgres.url, service));
  const databaseProxies = {} as Record<Service, TcpProxy>;
  for (const service of SERVICES) {
    await ensureDatabase(postgres.url, service);
    databaseProxies[service] = await startProxy(Number(new URL(postgres.url).port));
  }
  const issuer = await startIssuer();
  Object.assign(process.env, issuer.environment);
  const keysUrl = await personalKeysUrl(databaseUrls.catalogue);
  const keys = `1:${randomBytes(32).toString('base64')}`;
  const sealKey = newSealKey();
  const running = forEachService((): Instance[] => []);

  const environmentOf = (service: Service, name: string): Record<string, string | undefined> => {
    const url = new URL(databaseUrls[service]);
    url.port = `${databaseProxies[service].port}`;
    return {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: url.href,
      PGAPPNAME: name,
      ...kafka.as(service),
      RESERVATION_MINUTES,
      LOG_LEVEL: process.env.FAULTS_LOG_LEVEL ?? 'info',
      SEALING_KEYS: keys,
      PERSONAL_DATA_KEYS: keys,
      PERSONAL_INDEX_KEYS: keys,
      PERSONAL_KEYS_DATABASE_URL: keysUrl,
      LEDGER_SEAL_KEY: sealKey,
    };
  };
  /** Of which release what is started next is. */
  const releases = forEachService(() => release);
  const programOf = (service: Service, of = releases[service]): string =>
    join(of, 'dist', 'services', service, 'main.js');
  const migrate = async (service: Service, of?: string): Promise<void> => {
    const env = environmentOf(service, 'migrate');
    await promisify(execFile)(process.execPath, [programOf(service, of), 'migrate'], { env });
  };

  const start = async (service: Service): Promise<Instance> => {
    const port = await freePort();
    const name = `${service}-${running[service].length + 1}`;
    const environment = { ...environmentOf(service, name), PORT: `${port}` };
    const spawn = (): Promise<RunningProcess> =>
      startProcess({
        command: process.execPath,
        arguments: ['--import', CLOCK, '--enable-source-maps', '--max-semi-space-size=64', programOf(service)],
        environment,
        logFile: join(directory, 'logs', `${name}.log`),
      });
    return superviseInstance(name, `http://127.0.0.1:${port}`, spawn);
  };

  const scale = async (service: Service, count: number): Promise<void> => {
    const instances = running[service];
    while (instances.length > count) await instances.pop()?.stop();
    while (instances.length < count) instances.push(await start(service));
    for (const instance of instances) await untilReady(instance, directory);
  };

  const exchange = async (service: Service, besideMs: number): Promise<void> => {
    releases[service] = ROOT;
    const next = await start(service);
    running[service].push(next);
    await untilReady(next, directory);
    await sleep(besideMs);
    await running[service].shift()?.stop();
  };

  const stop = async (): Promise<void> => {
    const instances = SERVICES.flatMap((service) => running[service]);
    await Promise.all(instances.map((instance) => instance.stop()));
    await backups?.stop();
    await Promise.all([...brokers.map(({ kafka }) => kafka.stop()), postgres.stop(), issuer.stop()]);
    const proxies = [...brokers.map(({ proxy }) => proxy), ...Object.values(databaseProxies)];
    await Promise.all(proxies.map((proxy) => proxy.close()));
  };

  try {
    await Promise.all(SERVICES.map((service) => migrate(service)));
    for (const service of SERVICES) running[service].push(await start(service));
    for (const service of SERVICES) await scale(service, 1);
  } catch (error) {
    await stop();
    throw error;
  }
  const instances = (service: Service): Instance[] => running[service];
  return {
    directory,
    brokers,
    kafka,
    postgres,
    cluster,
    backups,
    databaseProxies,
    databaseUrls,
    instances,
    scale,
    migrate: (service) => migrate(service, ROOT),
    exchange,
    stop,
  };
}

type DatabaseServer = Pick<System, 'postgres' | 'cluster' | 'backups'>;

async function startDatabase(
  directory: string,
  database: SystemOptions['database'],
  log: (line: string) => void,
): Promise<DatabaseServer> {
  const logsDirectory = join(directory, 'logs');
  if (database === 'ha' || database === 'ha-asynchronous') {
    const synchronous = database === 'ha';
    const cluster = await startCluster({ directory: join(directory, 'ha'), logsDirectory, synchronous, log });
    return { postgres: cluster, cluster, backups: undefined };
  }
  const postgres = await embeddedPostgres({ directory, log });
  if (database === 'single') return { postgres, cluster: undefined, backups: undefined };
  const kept = { directory: join(directory, 'backups'), logFile: join(logsDirectory, 'barman.log') };
  return { postgres, cluster: undefined, backups: await startBackups({ ...kept, url: postgres.url, log }) };
}

async function startBrokers(directory: string, count: 1 | 3, log: (line: string) => void): Promise<Broker[]> {
  const ports = async (): Promise<number[]> => Promise.all(Array.from({ length: count }, () => freePort()));
  const [listeners, internals, controllerPorts] = [await ports(), await ports(), await ports()];
  const clusterId = newClusterId();
  return Promise.all(
    listeners.map(async (port, index) => {
      const proxy = await startProxy(port);
      const cluster = { clusterId, nodeId: index + 1, controllerPorts, internalPort: internals[index] as number };
      const options = { directory, port, advertisedPort: proxy.port, reauthenticationMs: REAUTHENTICATION_MS, log };
      return { proxy, kafka: await embeddedKafka(count === 1 ? options : { ...options, cluster }) };
    }),
  );
}

async function superviseInstance(
  name: string,
  address: string,
  spawn: () => Promise<RunningProcess>,
): Promise<Instance> {
  let child = await spawn();
  let stopping = false;
  /** Counted by processes that were killed: a process takes its counters with it, so they are asked for just before. */
  let countedBefore = 0;
  const supervise = async (): Promise<void> => {
    for (;;) {
      await child.ended;
      if (stopping) return;
      await sleep(RESTART_DELAY_MS);
      if (stopping) return;
      child = await spawn();
    }
  };
  const supervised = supervise();
  return {
    name,
    address,
    get pid() {
      return child.pid;
    },
    duplicates: async () => countedBefore + (await duplicatesCountedAt(address)),
    kill: async () => {
      countedBefore += await duplicatesCountedAt(address);
      await child.kill();
    },
    stop: async () => {
      stopping = true;
      await child.stop();
      await supervised;
    },
  };
}

async function duplicatesCountedAt(address: string): Promise<number> {
  const metrics = await fetch(metricsOf(address), { signal: AbortSignal.timeout(METRICS_DEADLINE_MS) }).then(
    (response) => response.text(),
    () => '',
  );
  return Number(/^inbox_duplicates_total (\d+)/m.exec(metrics)?.[1] ?? 0);
}

/** Until the process answers, whether or not it can work yet. */
export async function untilLive({ address }: Instance): Promise<void> {
  while (!(await answers(`${address}/health/live`))) await sleep(20);
}

async function untilReady({ name, address }: Instance, directory: string): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (!(await isReady(address))) {
    if (Date.now() > deadline) {
      const said = await fetch(`${address}/health/ready`).then((response) => response.text(), String);
      throw new Error(`${name} was not ready in time (${said}); the logs are in ${directory}/logs`);
    }
    await sleep(100);
  }
}

export function isReady(address: string): Promise<boolean> {
  return answers(`${address}/health/ready`);
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

/** One a database: to log in anew for each look would take the processor from what is looked at. */
const pools = new Map<string, pg.Pool>();

/** Rows of a service's database, past every proxy. */
export async function rowsOf<Row>(url: string, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  let pool = pools.get(url);
  if (!pool) {
    pool = new pg.Pool({ connectionString: url, allowExitOnIdle: true }).on('error', () => {}); // the server may be killed
    pools.set(url, pool);
  }
  return (await pool.query(sql, parameters)).rows as Row[];
}
