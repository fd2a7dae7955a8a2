import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Module } from '@nestjs/common';
import { register } from 'prom-client';
import { type Event, orderPaid } from '#libs/contracts';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { KafkaBroker, toMessage } from '#libs/messaging/kafka';
import { freePort } from '../../deploy/local/ports.ts';
import { startProxy, type TcpProxy } from '../../test/faults/proxy.ts';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { eventually, startTested } from '../../test/kit/service.ts';
import { serveMetrics } from './edges.ts';

const heard: Event[] = [];

@Controller()
class Listener {
  @EventHandler(orderPaid)
  async onPaid(events: Event[]): Promise<void> {
    heard.push(...events);
  }
}

@Module({ controllers: [Listener] })
class ListeningModule {}

let testDatabase: TestDatabase;
let proxy: TcpProxy;
let app: INestApplication;

let metricsPort: number;
let served: ReturnType<typeof serveMetrics>;
beforeAll(async () => {
  testDatabase = await createDatabase();
  const url = new URL(testDatabase.url);
  proxy = await startProxy(Number(url.port));
  url.port = `${proxy.port}`;
  const service = {
    name: `listener-${randomUUID()}`,
    module: ListeningModule,
    policy: {},
    migrations: [],
    neighbours: [],
  };
  app = await startTested(service, { ...testDatabase, url: url.href });
  metricsPort = await freePort();
  served = serveMetrics({ operationsHost: '127.0.0.1', operationsPort: metricsPort });
});

afterAll(async () => {
  proxy.heal();
  served.close();
  await app.close();
  await proxy.close();
  await testDatabase.drop();
  register.clear();
});

const metrics = async (): Promise<{ status: number; text: string; tookMs: number }> => {
  const started = performance.now();
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  return { status: response.status, text: await response.text(), tookMs: performance.now() - started };
};

it.each(['yesterday', '', '0000-00-00T00:00:00Z', '2062-01-01T00:00:00Z'])(
  'an event says any time (%j): it is processed once, and no figure suffers',
  async (time) => {
    const message = toMessage(newEvent(orderPaid, { orderId: `test/${randomUUID()}` }, { correlationId: newId() }));
    const publisher = new KafkaBroker('neighbour').publisher();
    await publisher.publish([{ ...message, headers: { ...message.headers, ce_time: time } }]);
    await publisher.close();
    const times = () => heard.filter(({ id }) => id === message.headers.ce_id).length;
    expect(await eventually(times, (count) => count > 0)).toBe(1);
    const { text } = await metrics();
    expect(text).not.toMatch(/dead_letters_total\{status="poison"\} [1-9]/);
    expect(text).not.toContain('NaN');
    expect(times()).toBe(1);
  },
);

it.each(['cut', 'freeze'] as const)(
  'the page of metrics answers while the database is away (%s), and says so',
  async (how) => {
    expect(await metrics()).toMatchObject({ status: 200, text: expect.stringMatching(/^database_up 1$/m) });
    proxy[how]();
    const { status, text, tookMs } = await metrics();
    expect(status).toBe(200);
    expect(text).toMatch(/^database_up 0$/m);
    expect(text).not.toMatch(/^outbox_backlog \d/m); // not told rather than told wrong
    expect(text).toMatch(/^event_age_seconds_count \d/m);
    expect(tookMs).toBeLessThan(4_000);
    proxy.heal();
    const isBack = /^database_up 1$/m;
    const back = await eventually(metrics, ({ text }) => isBack.test(text) && /^outbox_backlog \d/m.test(text));
    expect(back.text).toMatch(isBack);
    expect(back.text).toMatch(/^outbox_backlog \d/m);
  },
);
