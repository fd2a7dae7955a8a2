import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import pg from 'pg';
import { register } from 'prom-client';
import { type Event, saleIdOf, salePaid } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import { temporaryDirectory } from '../../../../deploy/local/processes.ts';
import { type Books, openBooks } from '../../../../test/kit/books.ts';
import { newSealKey } from '../../../../test/kit/seal-key.ts';
import { eventually, send, startTested } from '../../../../test/kit/service.ts';
import { authorizationFor, signedFetch } from '../../../../test/kit/sign-in.ts';
import { LedgerModule } from '../../ledger.module.ts';
import { ledgerMigrations } from '../../migrations/index.ts';
import { ledgerPolicy } from '../../policy.ts';
import { attachedStatement } from '../documents/attachment.ts';
import type { Checkpoint } from '../seals/checkpoint.ts';
import { publicKeysIn } from '../seals/key-list.ts';
import { fingerprint, isGenuine } from '../seals/seal.ts';
import type { IssuedStatement } from '../statements/maker-statement.ts';
import { findingsOf, statementFrom } from '../statements/verification.ts';
import type { SealPage } from './audit.dto.ts';

const run = randomUUID().slice(0, 8);
const DAY_MS = 86_400_000;
const facilityId = `F-${run}`;
const statementPath = `v1/makers/M-${run}/statement`;
let books: Books;
let app: INestApplication;

/** Of a work that one maker has made. */
function sale(orderRef: string): Event {
  const portion = { lotId: 'L1', quantity: 1, unitCost: 0, measure: 'equal' as const };
  const contributions = [{ makerId: `M-${run}`, weight: '1' }];
  const line = {
    lineRef: '1',
    sku: 'batik',
    quantity: 1,
    unitPrice: 100_000,
    portions: [{ ...portion, contributions }],
  };
  const orderId = `blanja/${orderRef}`;
  const data = {
    ...{ saleId: saleIdOf(orderId, facilityId), orderId, channel: 'blanja', orderRef, facilityId },
    placedAt: '2026-01-05T03:00:00Z',
    lines: [{ ...line, discount: 0, fees: 0, shipping: 0, tax: 0 }],
  };
  return newEvent(salePaid, data, { correlationId: newId() });
}

async function start(key: string): Promise<void> {
  register.clear(); // of metrics: a process that is started again has an empty one
  process.env.LEDGER_SEAL_KEY = key;
  const service = { module: LedgerModule, policy: ledgerPolicy, migrations: ledgerMigrations, neighbours: [] };
  app = await startTested({ ...service, name: `ledger-${run}` }, books);
}

beforeAll(async () => {
  books = await openBooks();
  await start(newSealKey());
  await send(app, sale(run));
  await eventually(
    () => get(statementPath),
    ({ status }) => status === 200,
  );
});
afterAll(async () => {
  await app.close();
  await books.close();
});

const get = async (path: string) => signedFetch(`${await app.getUrl()}/${path}`);

describe('over HTTP', () => {
  it('a maker has a statement, as JSON and as PDF', async () => {
    const json = await get(`${statementPath}?from=2026-01-01&to=2026-01-31`);
    expect(statementFrom(await json.text()).statement).toMatchObject({
      makerId: `M-${run}`,
      closing: { total: 50_000 },
    });
    const pdf = await get(`${statementPath}?to=2026-01-31&format=pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    const attached = attachedStatement(Buffer.from(await pdf.arrayBuffer()));
    expect(statementFrom(attached).statement.closing.total).toBe(50_000);
  });

  it.each([
    [404, 'v1/makers/nobody/statement'],
    [400, `${statementPath}?format=xml`],
    [400, `${statementPath}?from=2026-02-30`],
    [400, `${statementPath}?to=yesterday`],
  ])('%i for %s', async (status, path) => expect((await get(path)).status).toBe(status));

  it('the books are verified, and their key and seals given', async () => {
    const { status, body: started } = await verify({});
    expect(status).toBe(202);
    const [own = ''] = publicKeysIn(await (await get('v1/audit/public-key')).text());
    expect(started.report).toMatchObject({ trusted: [{ key: fingerprint(own), source: 'LEDGER_SEAL_KEY' }], kept: [] });
    expect(await ended(started)).toMatchObject({
      status: 'sound',
      report: { checked: { journals: 1, explained: 1 }, faults: [], seconds: expect.any(Number) },
    });
    expect(await (await get('v1/audit/seals')).json()).toEqual({ items: [] });
    expect(await (await get('v1/audit/keys')).json()).toEqual({ items: [] });
    const checkpoint = (await (await get('v1/audit/checkpoint')).json()) as Checkpoint;
    expect(checkpoint).toMatchObject({ heads: [{ facilityId, number: 1 }], publicKey: own, seal: null });
    expect(isGenuine(checkpoint)).toBe(true);
  });

  it('npm run ledger:verify asks the service, and says what it trusts', async () => {
    const command = ['--conditions=source', 'services/ledger/proof/verification/verify.command.ts'];
    const { DATABASE_URL: _, ...env } = process.env;
    const [, token = ''] = (await authorizationFor('/v1/verifications')).split(' ');
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      env: { ...env, LEDGER_PORT: new URL(await app.getUrl()).port, PASINDO_TOKEN: token },
    });
    expect(stdout).toMatch(/^Trusted: the key [0-9A-F ]+, of LEDGER_SEAL_KEY\nThe books are sound: 1 journals/);
  });

  it('they are verified by keys that the request names', async () => {
    const [key = ''] = publicKeysIn(newSealKey());
    const { body } = await begun({ key });
    expect(body.report).toMatchObject({ trusted: [{ key: fingerprint(key), source: 'this request' }] });
    await ended(body);
    expect((await verify({ key: 'none!' })).status).toBe(400);
  });

  describe('a verification that takes its time', () => {
    let other: pg.Client;
    /** It waits for this table, as it would at work on a large one. */
    const heldUp = async () => {
      await other.query('BEGIN');
      await other.query('LOCK TABLE sale_line');
      return (await begun()).body;
    };
    beforeEach(async () => {
      other = new pg.Client(books.url);
      await other.connect();
    });
    afterEach(() => other.end());

    it('is the only one, and keeps no request waiting for a connection', async () => {
      const started = await heldUp();
      expect(started.status).toBe('running');
      expect(await verify({})).toMatchObject({
        status: 409,
        body: { title: 'Another verification runs', detail: expect.stringContaining(started.verificationId) },
      });
      const answers = await Promise.all(Array.from({ length: 40 }, () => get('v1/trial-balance')));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      await other.query('ROLLBACK');
      expect(await ended(started)).toMatchObject({ status: 'sound' });
    });

    it('is cancelled while the server is at work on it; then another one may begin', async () => {
      const started = await heldUp();
      const cancelled = await post(`v1/verifications/${started.verificationId}/cancellation`, {});
      expect(cancelled).toMatchObject({ status: 202, body: { status: 'cancelled', report: { seconds: null } } });
      await other.query('ROLLBACK');
      const next = await begun();
      expect(await ended(next.body)).toMatchObject({ status: 'sound' });
      expect(await post(`v1/verifications/${next.body.verificationId}/cancellation`, {})).toMatchObject({
        status: 409,
      });
    });

    it('whose process was lost is not running', async () => {
      const id = randomUUID();
      await other.query(`INSERT INTO verification (verification_id, report) VALUES ($1, '{}')`, [id]);
      expect(await (await get(`v1/verifications/${id}`)).json()).toMatchObject({
        status: 'interrupted',
        endedAt: null,
      });
      await ended((await begun()).body);
      expect(await (await get(`v1/verifications/${id}`)).json()).toMatchObject({
        status: 'interrupted',
        endedAt: expect.any(String),
      });
    });
  });
});

it('a ledger whose key is changed while it is down does not start with the old one, and goes on with the new', async () => {
  const [oldKey, newKey] = [process.env.LEDGER_SEAL_KEY as string, newSealKey()];
  const [oldPublic = '', newPublic = ''] = [oldKey, newKey].flatMap(publicKeysIn);
  const today = Date.now();
  const untilSealed = (days: number) =>
    eventually(
      async () => ((await (await get('v1/audit/seals')).json()) as SealPage).items,
      ({ length }) => length === days,
    );

  await app.close();
  await books.setClock(new Date(today + DAY_MS).toISOString());
  await start(oldKey);
  expect((await untilSealed(1)).map(({ publicKey }) => publicKey)).toEqual([oldPublic]);
  const before = statementFrom(await (await get(statementPath)).text());

  await send(app, sale(`${run}-on-its-way`));
  await app.close();
  const file = join(temporaryDirectory(), 'new.pem');
  writeFileSync(file, newKey);
  const command = ['--conditions=source', 'services/ledger/proof/seals/key.command.ts', file];
  const changed = await promisify(execFile)(process.execPath, command, {
    env: { ...process.env, LEDGER_DATABASE_URL: books.url },
  });
  expect(changed.stdout).toContain(`Key 2 (${fingerprint(newPublic)}) seals the books from`);
  await expect(start(oldKey)).rejects.toThrow('LEDGER_SEAL_KEY is not the key that seals the books from');

  await start(newKey);
  const now = async () => statementFrom(await (await get(statementPath)).text());
  const after = await eventually(now, ({ statement }) => statement.closing.total === 100_000);
  expect(after.statement.closing.total).toBe(100_000);
  await app.close(); // before the new key has sealed
  await books.setClock(new Date(today + 2 * DAY_MS).toISOString());
  await start(newKey);
  expect((await untilSealed(2)).map(({ publicKey }) => publicKey)).toEqual([oldPublic, newPublic]);

  const wrong = (issued: IssuedStatement, ...trusted: string[]) =>
    findingsOf(issued, trusted).filter(({ holds }) => holds === false);
  expect(wrong(before, oldPublic)).toEqual([]);
  for (const issued of [after, await now()])
    for (const trusted of [oldPublic, newPublic]) expect(wrong(issued, trusted)).toEqual([]);
  const { body } = await begun({ key: oldPublic });
  expect(await ended(body)).toMatchObject({ status: 'sound', report: { checked: { journals: 2 }, faults: [] } });
});

interface Run {
  readonly verificationId: string;
  readonly status: string;
  readonly report: object;
}

async function post(path: string, body: object): Promise<{ status: number; body: Run }> {
  const response = await signedFetch(`${await app.getUrl()}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Run };
}

const verify = (body: object) => post('v1/verifications', body);
/** The one before holds the books a moment longer than it says. */
const begun = (body: object = {}) =>
  eventually(
    () => verify(body),
    ({ status }) => status !== 409,
  );

const ended = ({ verificationId }: Run): Promise<Run> =>
  eventually(
    async () => (await (await get(`v1/verifications/${verificationId}`)).json()) as Run,
    ({ status }) => status !== 'running',
  );
