/** What was acknowledged is there after kill -9, and the servers come back where they were. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { configuredKafka, connectKafka } from '#libs/messaging/kafka';
import { embeddedKafka, embeddedPostgres, kafkaClient } from './embedded.ts';
import type { Kafka } from './kafka/kafka.ts';
import { freePort } from './ports.ts';
import type { Postgres } from './postgres.ts';
import { startProcess, temporaryDirectory } from './processes.ts';

const options = { directory: temporaryDirectory(), log: () => {} };
let kafka: Kafka;
let postgres: Postgres;

beforeAll(async () => {
  kafka = await embeddedKafka(options);
  postgres = await embeddedPostgres(options);
});
afterAll(async () => {
  await kafka.stop();
  await postgres.stop();
});

it('Kafka keeps a topic and its message', async () => {
  const client = connectKafka('embedded-test', configuredKafka(kafka.users.administrator));
  const [admin, producer] = [client.admin(), client.producer()];
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }] });
  await producer.connect();
  await producer.send({ topic: 'kept', acks: -1, messages: [{ value: 'acknowledged' }] });
  await Promise.all([admin.disconnect(), producer.disconnect()]);

  await kafka.kill();
  await kafka.start();

  await admin.connect();
  expect(await admin.fetchTopicOffsets('kept')).toMatchObject([{ partition: 0, high: '1' }]);
  await admin.disconnect();
});

it('Kafka keeps what it has from before it knew users, and knows them now', async () => {
  const directory = temporaryDirectory();
  const older = await startOlderKafka(directory);
  const before = connectKafka('embedded-test', { brokers: older.brokers }).admin();
  await before.connect();
  await before.createTopics({ topics: [{ topic: 'from-before', numPartitions: 1 }] });
  await before.disconnect();
  await older.stop();

  const now = await embeddedKafka({ directory, log: () => {} });
  const admin = connectKafka('embedded-test', configuredKafka(now.users.administrator)).admin();
  await admin.connect();
  expect(await admin.listTopics()).toEqual(['from-before']);
  await admin.disconnect();
  await now.stop();
  const files = readdirSync(join(directory, 'kafka')).filter((file) => /password|properties/.test(file));
  expect(files.sort()).toEqual(['admin.password', 'server.properties']);
  for (const file of files) expect(statSync(join(directory, 'kafka', file)).mode & 0o777).toBe(0o600);
});

/** As earlier versions ran it: whoever comes may do anything. */
async function startOlderKafka(directory: string): Promise<{ brokers: string; stop(): Promise<void> }> {
  const { java, jars } = await kafkaClient(() => {});
  const [port, controllerPort] = [await freePort(), await freePort()];
  const home = join(directory, 'kafka');
  const settings = join(home, 'server.properties');
  mkdirSync(home);
  writeFileSync(join(home, 'cluster.id'), 'PQAAAAAAAAAAAAAAAAAAAA');
  writeFileSync(
    settings,
    `process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
log.dirs=${join(home, 'log')}
offsets.topic.replication.factor=1
`,
  );
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'PQAAAAAAAAAAAAAAAAAAAA', '-c', settings];
  await promisify(execFile)(java, ['-cp', jars, ...format]);
  const logFile = join(directory, 'older.log');
  const { stop } = await startProcess({
    command: java,
    arguments: ['-Xmx256m', '-Dlog4j2.level=INFO', '-cp', jars, 'kafka.Kafka', settings],
    logFile,
  });
  while (!readFileSync(logFile, 'utf8').includes('Kafka Server started')) await sleep(50);
  return { brokers: `127.0.0.1:${port}`, stop };
}

it('PostgreSQL keeps a committed row, and starts although its old process id belongs to another process', async () => {
  await query('CREATE TABLE kept AS SELECT 1 AS value');

  await postgres.kill();
  const stranger = await startProcess({
    command: 'sleep',
    arguments: ['60'],
    logFile: join(options.directory, 'stranger.log'),
  });
  const pidFile = join(options.directory, 'postgres', 'data', 'postmaster.pid');
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, `${stranger.pid}`));
  await postgres.start();

  expect(await query('SELECT value FROM kept')).toEqual([{ value: 1 }]);
  await stranger.kill();
});

async function query(statement: string): Promise<unknown[]> {
  const client = new pg.Client(postgres.url);
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}
