/** What was acknowledged is there after kill -9, and the servers come back where they were. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { connectKafka } from '#libs/messaging/kafka';
import { embeddedKafka, embeddedPostgres } from './embedded.ts';
import type { Kafka } from './kafka/kafka.ts';
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
  const client = connectKafka('embedded-test', kafka.brokers);
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
