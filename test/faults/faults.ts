/** What can happen to the system: how it is done, and how it ends. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { salePaid } from '#libs/contracts';
import { configuredKafka, connectKafka, KafkaBroker, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import { FACILITIES } from './goods.ts';
import { discard, lettersOf } from './letters.ts';
import type { TcpProxy } from './proxy.ts';
import type { Random } from './random.ts';
import { type Instance, rowsOf, type System, untilLive } from './system.ts';

export interface Scene {
  readonly system: System;
  readonly random: Random;
}

export interface Fault {
  readonly name: string;
  /** Before the traffic starts. */
  prepare?(scene: Scene): Promise<void>;
  /** Does it and returns what ends it: resolves when process, broker, database or connection is back. */
  inject(scene: Scene): Promise<() => Promise<void>>;
  /** How long it lasts, in milliseconds, from least to most. 0: what matters is how soon the system finds out itself. */
  lastsMs: readonly [number, number];
  /** What somebody was told by HTTP to be done may be forgotten afterwards: it is said again. */
  readonly forgets?: true;
  /** Whether buyers dispute meanwhile; absent: they do. */
  readonly disputes?: boolean;
  /** When all has settled: what is wrong beyond what is asked after every fault. */
  judge?(scene: Scene): Promise<string[]>;
}

const allServices = async ({ system }: Scene, count: number): Promise<void> => {
  await Promise.all(SERVICES.map((service) => system.scale(service, count)));
};

const instanceOf = ({ system, random }: Scene, service: Service): Instance => random.pick(system.instances(service));

/** For comparison: how soon orders are credited when nothing is wrong. */
export const NOTHING: Fault = { name: 'nothing at all', lastsMs: [0, 0], inject: async () => async () => {} };

/** A killed process is started again by its supervisor, at once. */
const killed = (service: Service): Fault => ({
  name: `kill -9 of ${service}`,
  lastsMs: [0, 0],
  inject: async (scene) => {
    const instance = instanceOf(scene, service);
    await instance.kill();
    return () => untilLive(instance);
  },
});

const leaderKilled: Fault = {
  name: 'kill -9 of a relay leader, of two instances',
  lastsMs: [0, 0],
  prepare: ({ system }) => system.scale('orders', 2),
  inject: async ({ system }) => {
    const leader = await leaderOf(system, 'orders');
    const instance = system.instances('orders').find(({ name }) => name === leader);
    if (!instance) throw new Error(`the leader is ${leader}, and that is none of orders`);
    await instance.kill();
    return () => untilLive(instance);
  },
};

/** The instance that holds the advisory lock of libs/messaging/relay.ts. */
async function leaderOf(system: System, service: Service): Promise<string | undefined> {
  const [row] = await rowsOf<{ name: string }>(
    system.databaseUrls[service],
    `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND classid::bigint << 32 | objid::bigint = 7301998202
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return row?.name;
}

const oneOfEachKilled: Fault = {
  name: 'two instances of every service, one of each killed',
  lastsMs: [0, 0],
  prepare: (scene) => allServices(scene, 2),
  inject: async (scene) => {
    const instances = SERVICES.map((service) => instanceOf(scene, service));
    await Promise.all(instances.map((instance) => instance.kill()));
    return async () => void (await Promise.all(instances.map(untilLive)));
  },
};

const databaseKilled: Fault = {
  name: 'kill -9 of PostgreSQL',
  lastsMs: [500, 3_000],
  inject: async ({ system }) => {
    await system.postgres.kill();
    return system.postgres.start;
  },
};

const brokerKilled: Fault = {
  name: 'kill -9 of a broker',
  lastsMs: [500, 3_000],
  inject: async ({ system, random }) => {
    const { kafka } = random.pick(system.brokers);
    await kafka.kill();
    return kafka.start;
  },
};

type Between = 'broker' | 'database';

const proxyOf = ({ system, random }: Scene, between: Between): TcpProxy =>
  between === 'broker' ? random.pick(system.brokers).proxy : system.databaseProxies[random.pick(SERVICES)];

const onTheWay = (
  what: string,
  between: Between,
  lastsMs: Fault['lastsMs'],
  disturb: (proxy: TcpProxy, random: Random) => void,
): Fault => ({
  name: `connection to the ${between} ${what}`,
  lastsMs,
  inject: async (scene) => {
    const proxy = proxyOf(scene, between);
    disturb(proxy, scene.random);
    return async () => proxy.heal();
  },
});

const connections = (['broker', 'database'] as const).flatMap((between) => [
  onTheWay('cut', between, [500, 4_000], (proxy) => proxy.cut()),
  onTheWay('half-open', between, [2_000, 8_000], (proxy) => proxy.freeze()),
  onTheWay('lost without a word', between, [0, 0], (proxy) => proxy.strand()),
  onTheWay('delayed', between, [2_000, 5_000], (proxy, random) =>
    proxy.delay(between === 'broker' ? random.whole(50, 300) : random.whole(5, 40)),
  ),
]);

const rebalanceStorm: Fault = {
  name: 'rebalance storm',
  lastsMs: [4_000, 6_000],
  inject: async ({ system, random }) => {
    let raging = true;
    const storms = SERVICES.map(async (service) => {
      const visits: Promise<void>[] = [];
      while (raging) {
        visits.push(visit(system, service, random.whole(100, 1_500)));
        await sleep(random.whole(300, 900));
      }
      await Promise.all(visits);
    });
    return async () => {
      raging = false;
      await Promise.all(storms);
    };
  },
};

/** A member that takes partitions away, does nothing about them, and leaves again. */
async function visit(system: System, group: Service, stayMs: number): Promise<void> {
  const consumer = connectKafka('visitor', configuredKafka(system.kafka.as(group))).consumer({
    groupId: group,
    maxWaitTimeInMs: 50,
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: await topicsOf(system, group) });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} });
    await sleep(stayMs);
  } finally {
    await consumer.disconnect();
  }
}

async function topicsOf(system: System, group: Service): Promise<string[]> {
  const admin = connectKafka('visitor', configuredKafka(system.kafka.as(group))).admin();
  await admin.connect();
  try {
    return (await admin.fetchOffsets({ groupId: group })).map(({ topic }) => topic);
  } finally {
    await admin.disconnect();
  }
}

const poison: Fault = {
  name: 'poison message',
  lastsMs: [1_500, 2_500],
  inject: async (scene) => {
    const { system, random } = scene;
    const facilityId = random.pick(FACILITIES);
    const sale = newEvent(salePaid, { ...POISON, facilityId }, { correlationId: newId() });
    const publisher = new KafkaBroker('poisoner', configuredKafka(system.kafka.as('orders'))).publisher();
    await publisher.publish([{ ...toMessage(sale), value: '{"saleId":' }]);
    await publisher.close();
    return () => discardPoison(system, sale.id);
  },
};

/** What the ledger is told before somebody cuts it in half. */
const POISON = {
  saleId: 'blanja/poison@nowhere',
  orderId: 'blanja/poison',
  channel: 'blanja',
  orderRef: 'poison',
  placedAt: '2026-01-05T10:00:00+07:00',
  lines: [
    {
      lineRef: '1',
      sku: 'poison',
      quantity: 1,
      unitPrice: 1,
      discount: 0,
      fees: 0,
      shipping: 0,
      tax: 0,
      portions: [{ lotId: 'poison', quantity: 1, unitCost: 0, measure: 'equal' as const, contributions: [] }],
    },
  ],
};

/** An operator gives the poison up; what was parked behind it follows. */
async function discardPoison(system: System, eventId: string): Promise<void> {
  for (;;) {
    const letters = await lettersOf(system, 'ledger');
    const letter = letters.find((each) => each.eventId === eventId);
    if (letter) {
      const outcome = await discard(system, 'ledger', letter.id);
      if (outcome.stoppedAt) throw new Error(`the poison was not discarded: ${JSON.stringify(outcome)}`);
      return;
    }
    await sleep(100);
  }
}

const diskFull: Fault = {
  name: 'disk full at the outbox insert',
  lastsMs: [1_000, 4_000],
  inject: async ({ system, random }) => {
    const url = system.databaseUrls[random.pick(SERVICES)];
    await rowsOf(
      url,
      `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER disk_full BEFORE INSERT ON outbox EXECUTE FUNCTION disk_full();`,
    );
    return async () => void (await rowsOf(url, 'DROP TRIGGER disk_full ON outbox; DROP FUNCTION disk_full()'));
  },
};

const clockSetBack = (service: Service): Fault => ({
  name: `clock of ${service} set back an hour`,
  lastsMs: [3_000, 6_000],
  inject: async (scene) => {
    const { pid } = instanceOf(scene, service);
    process.kill(pid, 'SIGUSR2');
    return async () => void process.kill(pid, 'SIGUSR2');
  },
});

const RESUME = fileURLToPath(new URL('../../deploy/kafka/resume.ts', import.meta.url));
const REFUSAL_DEADLINE_MS = 60_000;
const REFUSAL = 'has told Kafka of';

/** A service's database is exchanged for a copy of some seconds before. */
const putBack = (service: Service): Fault => {
  const copied = async ({ system }: Scene, sql: (database: string, copy: string) => string): Promise<void> => {
    const database = new URL(system.databaseUrls[service]).pathname.slice(1);
    for (const statement of sql(database, `${database}_before`).split(';'))
      await rowsOf(system.postgres.url, statement);
  };
  return {
    name: `database of ${service} put back by seconds`,
    lastsMs: [4_000, 10_000],
    forgets: true,
    prepare: async (scene) => {
      await scene.system.scale(service, 0); // PostgreSQL copies what nobody is connected to
      await copied(
        scene,
        (database, copy) =>
          `DROP DATABASE IF EXISTS ${copy}; ${disconnected(database)}; CREATE DATABASE ${copy} TEMPLATE ${database}; ALTER DATABASE ${database} ALLOW_CONNECTIONS true`,
      );
      await scene.system.scale(service, 1);
    },
    inject: async (scene) => async () => {
      const { system } = scene;
      await system.scale(service, 0);
      await copied(
        scene,
        (database, copy) => `DROP DATABASE ${database} WITH (FORCE); ALTER DATABASE ${copy} RENAME TO ${database}`,
      );
      const refusals = refusalsOf(system, service);
      const refused = system.scale(service, 1).catch(() => {}); // it does not become ready
      const deadline = performance.now() + REFUSAL_DEADLINE_MS;
      while (refusalsOf(system, service) === refusals) {
        if (performance.now() > deadline) throw new Error(`${service} goes on with a database that was put back`);
        await sleep(100);
      }
      const env = { ...process.env, ...system.kafka.administrator, DATABASE_URL: system.databaseUrls[service] };
      await promisify(execFile)(process.execPath, ['--conditions=source', RESUME, service], { env });
      await refused;
      await system.scale(service, 1);
    },
  };
};

/** Nobody is, nor comes: so it can be copied. */
const disconnected = (database: string): string =>
  `ALTER DATABASE ${database} ALLOW_CONNECTIONS false;
   SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`;

/** How often it has said why it does not start. */
function refusalsOf({ directory }: System, service: Service): number {
  return readFileSync(join(directory, 'logs', `${service}-1.log`), 'utf8').split(REFUSAL).length - 1;
}

export const FAULTS: readonly Fault[] = [
  NOTHING,
  ...SERVICES.map(killed),
  leaderKilled,
  oneOfEachKilled,
  databaseKilled,
  brokerKilled,
  ...connections,
  rebalanceStorm,
  poison,
  diskFull,
  ...SERVICES.map(clockSetBack),
  ...SERVICES.map(putBack),
];
