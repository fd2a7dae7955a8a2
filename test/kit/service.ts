import { setTimeout as sleep } from 'node:timers/promises';
import { type INestApplication, Module, type Type } from '@nestjs/common';
import type { Policy } from '#libs/access';
import { deadLetterTopic, type Event, isPerChannel, type Topic, topicOf, topics } from '#libs/contracts';
import { Database, type Migrations } from '#libs/database';
import { Outbox } from '#libs/messaging';
import { KafkaBroker } from '#libs/messaging/kafka';
import { createService } from '#libs/service';
import type { TestDatabase } from './database.ts';

const CHANNELS = ['blanja', 'toko-sandbox'];

interface TestedService {
  /** Consumer group: another one than that of other files. */
  readonly name: string;
  readonly module: Type;
  readonly migrations: Migrations;
  readonly policy: Policy;
  /** The services around it, as far as it can see them: controllers with event handlers. */
  readonly neighbours: Type[];
}

/** Runs a service as its process would, at any free port, over this database and the broker of the test run. */
export async function startTested(
  service: TestedService,
  { url }: Pick<TestDatabase, 'url'>,
): Promise<INestApplication> {
  process.env.DATABASE_URL = url;
  await makeTopics(service.name);

  @Module({ imports: [service.module], controllers: service.neighbours })
  class WithNeighbours {}

  const app = await createService({ ...service, module: WithNeighbours });
  try {
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

/** What `npm run kafka:access` makes, for a service of this name. */
export async function makeTopics(service: string): Promise<void> {
  const wanted = Object.values<Topic>(topics).flatMap((topic) =>
    isPerChannel(topic) ? CHANNELS.map((channel) => topicOf(topic, channel)) : [topic],
  );
  await new KafkaBroker('test-kit').createTopics([...wanted, deadLetterTopic(service)]);
}

/** Sends events as a neighbour would: through the outbox, in order per key and in any order of keys. */
export async function send(app: INestApplication, ...events: Event[]): Promise<void> {
  await app.get(Database).transaction((transaction) => app.get(Outbox).append(transaction, events));
}

/** What `read` gives once it is as it should be, or at the latest after 15 s: the test then shows what it was instead. */
export async function eventually<T>(read: () => Promise<T> | T, isThere: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await read();
    if (isThere(value) || Date.now() > deadline) return value;
    await sleep(20);
  }
}
