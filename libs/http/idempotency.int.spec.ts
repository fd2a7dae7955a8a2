import 'reflect-metadata';
import { hash, randomUUID } from 'node:crypto';
import { request as send } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Param, Post } from '@nestjs/common';
import fc from 'fast-check';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Public } from '#libs/access';
import { Database } from '#libs/database';
import { createDatabase } from '../../test/kit/database.ts';
import { type Served, serve } from '../../test/kit/http.ts';
import { Idempotency, Idempotent, type IdempotentRequest } from './idempotency.ts';
import { httpMigrations } from './migrations/index.ts';

class CreateParcel1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE parcel (number int GENERATED ALWAYS AS IDENTITY)');
  }
  async down(): Promise<void> {}
}

@Controller('v1/parcels')
class ParcelsController {
  constructor(private readonly idempotency: Idempotency) {}

  @Public()
  @Post(':streetId/:name')
  take(@Idempotent() request: IdempotentRequest, @Param() to: object, @Body() body: { refused?: true }) {
    return this.idempotency.once(request, async (transaction) => {
      const [parcel] = await transaction.query<{ number: number }>(
        'INSERT INTO parcel DEFAULT VALUES RETURNING number',
      );
      if (body?.refused) throw new Error('refused');
      return { ...parcel, to };
    });
  }
}

const STREET = '01a20cf3-901a-742c-b6c3-67d3862f404e';
const testDatabase = await createDatabase();
let database: Database;
let served: Served;

beforeAll(async () => {
  database = await Database.open(testDatabase.url, [CreateParcel1764000000000, ...httpMigrations]);
  served = await serve(database, [ParcelsController], []);
});
afterAll(async () => {
  served.close();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

interface Answer {
  status: number;
  body: { number?: number; errors?: { field: string; message: string }[] };
}

/** `keys`: each a header line of its own. */
function ask(keys: string | string[], body?: unknown, path = `/v1/parcels/${STREET}/Ayu`): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': keys };
  return new Promise((resolve, reject) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    send(new URL(path, served.address), { method: 'POST', headers }, (response) =>
      json(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer as Answer['body'] })),
    )
      .once('error', reject)
      .end(text);
  });
}

const newKey = () => randomUUID();
const number = async (answer: Promise<Answer>) => (await answer).body.number;

describe('one request, and one effect, whatever is between us and its sender', () => {
  it.each<[string, (key: string) => string | string[]]>([
    ['in quotation marks', (key) => `"${key}"`],
    ['with blanks around', (key) => `  ${key}\t`],
    ['on two lines', (key) => [key, key]],
    ['on two lines, one in quotation marks', (key) => [key, `"${key}"`]],
    ['on two lines that a proxy has joined', (key) => `${key}, ${key}`],
  ])('its key %s', async (_, spelled) => {
    const key = newKey();
    const first = await number(ask(key, { weight: 1 }));
    expect(first).toBeGreaterThan(0);
    expect(await number(ask(spelled(key), { weight: 1 }))).toBe(first);
  });

  it.each([
    ['letters', `/V1/Parcels/${STREET}/Ayu`],
    ['a slash behind', `/v1/parcels/${STREET}/Ayu/`],
    ['escapes where none are needed', `/v1/parcels/${STREET}/%41%79u`],
    ['an id of ours in other letters', `/v1/parcels/${STREET.toUpperCase()}/Ayu`],
    ['a query', `/v1/parcels/${STREET}/Ayu?`],
  ])('its path in other spelling: %s', async (_, path) => {
    const key = newKey();
    const first = await number(ask(key, { weight: 1 }));
    expect(first).toBeGreaterThan(0);
    expect(await number(ask(key, { weight: 1 }, path))).toBe(first);
  });

  it('its body with members in another order, other blanks, other escapes and other numerals', async () => {
    const isTame = (body: object) =>
      !Object.getOwnPropertyNames(Object.prototype).some((name) => JSON.stringify(body).includes(`"${name}"`));
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, shuffled(member)]),
      );
    };
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })).filter(isTame), async (body) => {
        const key = newKey();
        const first = await number(ask(key, body));
        expect(first).toBeGreaterThan(0);
        expect(await number(ask(key, JSON.stringify(shuffled(body), null, 2)))).toBe(first);
      }),
      { numRuns: 30, examples: [[{ a: { b: 1, c: [2] }, d: 3 }]] },
    );
    const key = newKey();
    const first = await number(ask(key, '{"weight":10,"name":"Ayu"}'));
    expect(await number(ask(key, '{"name":"\\u0041yu","weight":1e1}'))).toBe(first);
  });

  it('sent by many at once', async () => {
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => number(ask(index % 2 ? key : `"${key}"`, { weight: 1 }))),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toBeGreaterThan(0);
  });
});

describe('another request', () => {
  it('of the same key and another body is refused', async () => {
    const key = newKey();
    await ask(key, { weight: 1 });
    expect(await ask(`"${key}"`, { weight: 2 })).toMatchObject({ status: 422 });
    expect(await ask(key)).toMatchObject({ status: 422 });
  });

  it.each([
    ['another parameter', `/v1/parcels/${STREET}/ayu`],
    ['a parameter with an escaped slash', `/v1/parcels/${STREET}/Ayu%2F`],
  ])('of the same key has effects of its own: %s', async (_, path) => {
    const key = newKey();
    const first = await number(ask(key, { weight: 1 }));
    expect(await number(ask(key, { weight: 1 }, path))).not.toBe(first);
  });

  it('after one that failed has its effects: what failed is not remembered', async () => {
    const key = newKey();
    expect(await ask(key, { refused: true })).toMatchObject({ status: 500 });
    expect(await number(ask(key, { weight: 1 }))).toBeGreaterThan(0);
  });
});

it.each<[string, string | string[]]>([
  ['none', ''],
  ['an empty string', '""'],
  ['blanks', '  '],
  ['too long', 'k'.repeat(201)],
  ['two different ones', ['one', 'two']],
  ['a quotation mark that does not end', '"one'],
  ['something behind the quotation marks', '"one"two'],
])('a key that is %s is refused by name', async (_, key) => {
  const { status, body } = await ask(key, { weight: 1 });
  expect(status).toBe(400);
  expect(body.errors).toEqual([{ field: 'Idempotency-Key', code: expect.any(String), message: expect.any(String) }]);
});

it('requests from before that are sent again are still known, however their keys were kept', async () => {
  const older = await createDatabase();
  const [create] = httpMigrations;
  const before = await Database.open(older.url, [CreateParcel1764000000000, ...(create ? [create] : [])]);
  const body = { weight: 1, name: 'Ayu' };
  const path = `/v1/parcels/${STREET}/Ayu`;
  const remember = (operation: string, key: string, number: number) =>
    before.query('INSERT INTO idempotency_key (operation, key, body_hash, answer) VALUES ($1, $2, $3, $4)', [
      operation,
      key,
      hash('sha256', JSON.stringify(body)),
      { number },
    ]);
  await remember(`POST ${path}`, 'plain', -1);
  await remember(`POST ${path}`, '"quoted"', -2);
  await remember(`POST ${path}`, String.raw`"with \"marks\" and \\"`, -3);
  await remember(`POST ${path}/`, 'slash', -4);
  await remember(`POST ${path}`, 'twice', -5);
  await remember(`POST ${path}/`, '"twice"', -6);
  await before.onApplicationShutdown();

  const after = await Database.open(older.url, [CreateParcel1764000000000, ...httpMigrations]);
  const again = await serve(after, [ParcelsController], []);
  const remembered = (key: string) => number(ask(key, body, `${again.address}${path}`));
  expect(await remembered('plain')).toBe(-1);
  expect(await remembered('quoted')).toBe(-2);
  expect(await remembered(String.raw`"with \"marks\" and \\"`)).toBe(-3);
  expect(await remembered('slash')).toBe(-4);
  expect(await remembered('twice')).toBe(-5);
  again.close();
  await after.onApplicationShutdown();
  await older.drop();
});
