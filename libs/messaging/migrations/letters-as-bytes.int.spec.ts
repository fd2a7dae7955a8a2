import { afterAll, expect, it } from '@jest/globals';
import { orderPaid } from '#libs/contracts';
import { Database } from '#libs/database';
import { configuredKeys, Sealer } from '#libs/sealing';
import { createDatabase } from '../../../test/kit/database.ts';
import { BatchProcessor } from '../batch-processor.ts';
import { toMessage } from '../cloud-events.ts';
import { DeadLetters, SEALED_FOR } from '../dead-letters.ts';
import { newEvent, newId } from '../event.ts';
import { CreateMessaging1764000000000, messagingMigrations } from '../migration.ts';
import { Outbox } from '../outbox.ts';
import { DeadLetterDesk } from '../redrive.ts';

const testDatabase = await createDatabase();
afterAll(() => testDatabase.drop());

const OLD_LETTERS = 1_203;

it('letters from before are kept with what was decided about them, sealed, and redriven in their order', async () => {
  const before = await Database.open(testDatabase.url, [CreateMessaging1764000000000]);
  const events = Array.from({ length: OLD_LETTERS }, (_, index) =>
    newEvent(orderPaid, { orderId: index < 3 ? 'test/resolved' : 'test/Jåjå' }, { correlationId: newId() }),
  );
  const messages = events.map(toMessage);
  await before.query(
    `INSERT INTO dead_letter (dead_letter_id, consumer, topic, partition, message_offset, key, headers, value, status, cause,
            resolved_at, resolution, resolved_by, reason)
     SELECT id, 'test', topic, 0, number, key, headers::jsonb, value, CASE number WHEN 4 THEN 'poison' ELSE 'parked' END, 'bug',
            CASE WHEN number < 4 THEN now() END, CASE WHEN number < 4 THEN 'discarded' END,
            CASE WHEN number < 4 THEN 'operator-1' END, CASE WHEN number < 4 THEN 'twice' END
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
         AS letter (id, topic, key, headers, value, number)`,
    [
      messages.map(() => newId()),
      messages.map(({ topic }) => topic),
      messages.map(({ key }) => key),
      messages.map(({ headers }) => JSON.stringify(headers)),
      messages.map(({ value }) => value),
    ],
  );
  await before.onApplicationShutdown();

  const database = await Database.open(testDatabase.url, messagingMigrations);
  const handled: string[] = [];
  const handlers = new Map([
    [orderPaid.type, async (batch: readonly { id: string }[]) => void handled.push(...batch.map(({ id }) => id))],
  ]);
  const letters = new DeadLetters('test', new Sealer(configuredKeys('SEALING_KEYS'), SEALED_FOR));
  const processor = new BatchProcessor(database, new Outbox(), letters, 'test', handlers);
  const desk = new DeadLetterDesk(database, letters, processor);
  const all = await desk.list({ all: true, after: undefined, limit: 10_000 });
  expect(all).toHaveLength(OLD_LETTERS);
  expect(all.filter(({ resolution }) => resolution?.action === 'discarded')).toHaveLength(3);
  const [first] = all.filter(({ status }) => status === 'poison');
  expect(await desk.find(first?.id as string)).toMatchObject({
    isWhole: true,
    identity: { type: orderPaid.type },
    message: { key: Buffer.from('test/Jåjå'), value: Buffer.from(messages[3]?.value as string), offset: '4' },
  });
  expect(await database.query('SELECT FROM blocked_key')).toHaveLength(1);
  expect(await desk.redrive(first as never, { by: 'operator-1', reason: 'mended' })).toEqual({
    resolved: OLD_LETTERS - 3,
  });
  expect(handled).toEqual(events.slice(3).map(({ id }) => id));
  expect(await database.query('SELECT FROM blocked_key')).toEqual([]);
  await database.onApplicationShutdown();
});
