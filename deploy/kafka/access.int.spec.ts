/** Who may do what on Kafka, tried on a broker of its own. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { services } from '#libs/contracts';
import {
  configuredKafka,
  connectKafka,
  existingTopics,
  grantAccess,
  type KafkaAddress,
  KafkaBroker,
} from '#libs/messaging/kafka';
import { clusterOf } from '../../libs/messaging/kafka/cluster.ts';
import { eventually } from '../../test/kit/service.ts';
import { embeddedKafka } from '../local/embedded.ts';
import type { Kafka } from '../local/kafka/kafka.ts';
import { temporaryDirectory } from '../local/processes.ts';
import { keptPassword } from './passwords.ts';
import { principalsFor, topicsOf } from './principals.ts';

const CHANNELS = ['blanja', 'lapak'];
const BYTES_PER_SECOND = 20_000;

/** What each writes, what each reads. */
const TABLE: Readonly<Record<string, readonly [writes: readonly string[], reads: readonly string[]]>> = {
  catalogue: [
    ['catalogue.lot.v1', 'catalogue.stock.v1', 'catalogue.facility.v1', 'catalogue.dead-letters.v1'],
    ['orders.order.v1', 'ledger.maker.v1'],
  ],
  orders: [
    [
      ...['orders.order.v1', 'orders.sale.v1', 'orders.dead-letters.v1'],
      ...['outcomes.blanja.v1', 'outcomes.lapak.v1'],
    ],
    [
      ...['checkout.v1', 'checkout.blanja.v1', 'checkout.lapak.v1'],
      ...['catalogue.stock.v1', 'catalogue.facility.v1', 'payments.payment.v1', 'ledger.journal.v1'],
    ],
  ],
  payments: [
    ['payments.payment.v1', 'payments.disbursement.v1', 'payments.dead-letters.v1'],
    ['orders.order.v1', 'ledger.payout.v1', 'catalogue.facility.v1'],
  ],
  ledger: [
    ['ledger.journal.v1', 'ledger.payout.v1', 'ledger.maker.v1', 'ledger.books.v1', 'ledger.dead-letters.v1'],
    [
      ...['orders.sale.v1', 'orders.order.v1', 'catalogue.lot.v1', 'catalogue.facility.v1'],
      ...['payments.payment.v1', 'payments.disbursement.v1'],
    ],
  ],
  portal: [[], ['ledger.books.v1']],
  'mp-blanja': [['checkout.blanja.v1'], ['outcomes.blanja.v1']],
  'mp-lapak': [['checkout.lapak.v1'], ['outcomes.lapak.v1']],
};
const TOPICS = [...new Set(Object.values(TABLE).flatMap(([writes]) => writes)), 'checkout.v1', 'of.somebody.else'];

const directory = temporaryDirectory();
let kafka: Kafka;
const as = (name: string): KafkaAddress => configuredKafka(kafka.users.as(name));
const grant = (channels: readonly string[]): Promise<void> => {
  const principals = principalsFor(channels, BYTES_PER_SECOND);
  const passwords = join(directory, 'kafka');
  return grantAccess(as('admin'), topicsOf(principals), principals, (name) => keptPassword(passwords, name));
};

beforeAll(async () => {
  kafka = await embeddedKafka({ directory, log: () => {} });
  const admin = connectKafka('test', as('admin')).admin();
  await admin.connect();
  const earlier = ['checkout.v1', 'of.somebody.else'].map((topic) => ({ topic, numPartitions: 1 }));
  await admin.createTopics({ topics: earlier });
  await admin.createAcls({
    acl: [
      { ...EARLIER, principal: 'User:portal' },
      { ...EARLIER, principal: 'User:stranger' },
    ],
  });
  const first = () => admin.fetchOffsets({ groupId: 'first', topics: ['checkout.v1'] });
  await eventually(() => first().catch(() => undefined), Boolean); // a coordinator is there from now on
  await admin.disconnect();
  await grant(CHANNELS);
});
afterAll(() => kafka.stop());

it('what a channel is told that nobody has made a topic for gets one from orders, with its first message', async () => {
  const told = { topic: 'outcomes.kios.v1', key: 'kios/1', headers: {}, value: '{}' };
  const publisher = new KafkaBroker('orders', as('orders')).publisher();
  await expect(publisher.publish([told])).rejects.toThrow('topic');
  await publisher.publish([told]);
  await publisher.close();
  expect(await existingTopics(as('admin'))).toContain('outcomes.kios.v1');
});

/** Write on somebody else's topic, from before. */
const EARLIER = {
  ...{ resourceType: 2, resourceName: 'of.somebody.else', resourcePatternType: 3 },
  ...{ host: '*', operation: 4, permissionType: 3 },
};

const REFUSALS = ['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED'];

/** Whether a broker lets it happen; every other failure is one. */
async function isAllowed(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    for (let cause = error as { type?: string; cause?: unknown }; cause; cause = cause.cause as typeof cause) {
      if (REFUSALS.includes(cause.type ?? '')) return false;
    }
    throw error;
  }
}

/** kafkajs lets nobody read without joining a group. */
interface Inside {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  getNodeIds(): string[];
  findBroker(broker: { nodeId: string | undefined }): Promise<{
    fetch(request: object): Promise<unknown>;
    findGroupCoordinator(group: { groupId: string; coordinatorType: number }): Promise<unknown>;
    heartbeat(member: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>;
  }>;
}

const brokerOf = (cluster: Inside) => cluster.findBroker({ nodeId: cluster.getNodeIds()[0] });

async function read(cluster: Inside, topic: string): Promise<void> {
  await cluster.addTargetTopic(topic);
  const broker = await brokerOf(cluster);
  const partitions = [{ partition: 0, currentLeaderEpoch: -1, fetchOffset: '0', maxBytes: 1_000 }];
  const wanted = { replicaId: -1, isolationLevel: 1, maxWaitTime: 1, minBytes: 0, maxBytes: 1_000, rackId: '' };
  await broker.fetch({ ...wanted, topics: [{ topic, partitions }] });
}

/** What a member does. It is none: that it is answered so shows that it may be one. */
async function takePart(cluster: Inside, groupId: string): Promise<void> {
  const broker = await brokerOf(cluster);
  await broker.heartbeat({ groupId, groupGenerationId: 1, memberId: 'nobody' }).catch((error) => {
    if (error.type !== 'UNKNOWN_MEMBER_ID') throw error;
  });
}

interface Allowed {
  readonly writes: string[];
  readonly reads: string[];
  /** Groups that it may be a member of. */
  readonly groups: string[];
  /** Groups that it may look at. */
  readonly looksAt: string[];
}

async function allowedTo(name: string): Promise<Allowed> {
  const client = connectKafka(name, as(name));
  const producer = client.producer();
  const cluster = clusterOf(client) as unknown as Inside;
  const allowed: Allowed = { writes: [], reads: [], groups: [], looksAt: [] };
  await Promise.all([producer.connect(), cluster.connect()]);
  for (const topic of TOPICS) {
    const messages = [{ key: 'key', value: 'tried' }];
    if (await isAllowed(producer.send({ topic, acks: -1, messages }))) allowed.writes.push(topic);
    if (await isAllowed(read(cluster, topic))) allowed.reads.push(topic);
  }
  const broker = await brokerOf(cluster);
  for (const groupId of [...Object.keys(TABLE), 'portal.1', 'portal.2']) {
    if (await isAllowed(takePart(cluster, groupId))) allowed.groups.push(groupId);
    if (await isAllowed(broker.findGroupCoordinator({ groupId, coordinatorType: 0 }))) allowed.looksAt.push(groupId);
  }
  await Promise.all([producer.disconnect(), cluster.disconnect()]);
  return allowed;
}

describe('every principal, with every topic and group', () => {
  it.each(Object.entries(TABLE))('%s does what the table says, and nothing else', async (name, [writes, reads]) => {
    const allowed = await allowedTo(name);
    expect(allowed.writes.sort()).toEqual([...writes].sort());
    expect(allowed.reads.sort()).toEqual([...reads].sort());
    const own = name === 'portal' ? ['portal.1', 'portal.2'] : [name]; // one for each of its processes
    expect(allowed.groups).toEqual(own);
    expect(allowed.looksAt.sort()).toEqual([...(services.includes(name) ? services : own)].sort());
  });
});

it('who may not see who reads is told in words what to do about it', async () => {
  const told = [{ type: 'orders.sale-paid.v1', topic: 'orders.sale.v1' }];
  await expect(new KafkaBroker('blanja', as('mp-blanja')).unheard(told)).rejects.toThrow('run kafka:access');
});

it('a channel that comes later gets its topic and principal; made again, everything is as it was', async () => {
  await grant([...CHANNELS, 'pasar']);
  const { writes, reads } = await allowedTo('mp-lapak');
  expect({ writes, reads }).toEqual({ writes: ['checkout.lapak.v1'], reads: ['outcomes.lapak.v1'] });
  const producer = connectKafka('pasar', as('mp-pasar')).producer();
  await producer.connect();
  await producer.send({ topic: 'checkout.pasar.v1', messages: [{ value: 'first' }] });
  await producer.disconnect();
  const admin = connectKafka('test', as('admin')).admin();
  await admin.connect();
  const ofOthers = await admin.describeAcls({ ...EARLIER, principal: 'User:stranger' });
  await admin.disconnect();
  expect(ofOthers.resources).toHaveLength(1); // what others have granted to others stays
});

describe('who does not say who it is', () => {
  const portOf = (listener: string): string => {
    const settings = readFileSync(join(directory, 'kafka', 'server.properties'), 'utf8');
    return new RegExp(`^listeners=.*${listener}://(127.0.0.1:\\d+)`, 'm').exec(settings)?.[1] ?? '';
  };
  const enter = async (address: KafkaAddress): Promise<void> => {
    const admin = connectKafka('nobody', address).admin({ retry: { retries: 0 } });
    await admin.connect().then(() => admin.listTopics());
  };

  it.each(['CLIENT', 'CONTROLLER'])('is refused by the %s listener', async (listener) => {
    await expect(enter({ brokers: portOf(listener) })).rejects.toThrow();
  });

  it('or says it with another password is refused', async () => {
    const user = { name: 'orders', password: 'guessed' };
    await expect(enter({ ...as('orders'), user })).rejects.toThrow();
    await expect(enter({ ...as('admin'), user: { ...user, name: 'admin', mechanism: 'plain' } })).rejects.toThrow();
  });
});

it('a marketplace that writes more than it may, for ten seconds, is made to wait', async () => {
  const producer = connectKafka('blanja', as('mp-blanja')).producer();
  await producer.connect();
  const started = performance.now();
  for (let sent = 0; sent < 4; sent += 1) {
    await producer.send({ topic: 'checkout.blanja.v1', messages: [{ value: 'x'.repeat(5 * BYTES_PER_SECOND) }] });
  }
  await producer.disconnect();
  expect(performance.now() - started).toBeGreaterThan(1_000);
});
