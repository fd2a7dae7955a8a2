import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { type CryptoKey, decodeJwt, exportSPKI, importJWK, type JWK, SignJWT } from 'jose';
import { FacilityId } from '#libs/contracts';
import { Database, rowAccess } from '#libs/database';
import { Idempotency, Idempotent, type IdempotentRequest, Parameter, Value } from '#libs/http';
import { correlation, log as logger } from '#libs/observability';
import { commonMigrations } from '#libs/service';
import { createDatabase } from '../../test/kit/database.ts';
import { type Served, serve } from '../../test/kit/http.ts';
import { type Content, newKey, startIssuer, type TestIssuer, tokenOf } from '../../test/kit/issuer.ts';
import { linesOfLog } from '../../test/kit/log.ts';
import { facilityMigrations } from './migrations/index.ts';
import { allowanceOf, body, channelList, list, Open, type Policy, Public, param, query, row } from './policy.ts';
import { By } from './principal.ts';
import { InScope, type Scope } from './scope.ts';

const policy = {
  'thing.read': { roles: ['officer', 'overseer', 'drafter', 'auditor', 'maker'] },
  'thing.draft': { roles: ['drafter'], person: true },
  'thing.approve': { roles: ['approver'], person: true, secondPerson: true },
  'thing.rule': { roles: ['drafter@national'] },
  'order.send': { roles: ['marketplace', 'operator'] },
} as const satisfies Policy;
const Allow = allowanceOf(policy);

class ThingDto {
  @Value(FacilityId)
  facilityId!: string;
}
class ThingQuery {
  @Parameter(FacilityId)
  facilityId!: string;
}

@Controller('v1')
class ThingsController {
  constructor(private readonly idempotency: Idempotency) {}

  @Public()
  @Get('public')
  public() {
    return {};
  }
  @Open()
  @Get('open')
  open() {
    return {};
  }
  @Allow('thing.read', list)
  @Get('things')
  list(@InScope() scope: Scope) {
    return { scope, rows: rowAccess.getStore()?.scope };
  }
  @Allow('thing.read', query('facilityId'))
  @Get('things/asked')
  asked(@Query() { facilityId }: ThingQuery) {
    return { facilityId };
  }
  @Allow('thing.read', row, param('makerId'))
  @Get('makers/:makerId')
  maker(@Param('makerId') makerId: string) {
    return { makerId };
  }
  @Allow('thing.read', row, param('account'))
  @Get('accounts/:account')
  account(@Param('account') account: string) {
    return { account };
  }
  @Allow('thing.draft', body('facilityId'))
  @Post('things')
  draft(@By() by: string, @Body() { facilityId }: ThingDto, @Idempotent() asked: IdempotentRequest) {
    return this.idempotency.once(asked, async () => ({ by, facilityId, run: runs++ }));
  }
  @Allow('thing.approve', row)
  @Post('things/:id/approval')
  approve(@By() by: string) {
    return { by };
  }
  @Open()
  @Get('broken/:name')
  broken() {
    throw new Error('broken');
  }
  @Allow('thing.rule')
  @Post('rules')
  rule() {
    return {};
  }
  @Allow('order.send', channelList)
  @Get('orders')
  orders(@InScope() { channels }: Scope) {
    return { channels };
  }
}

let runs = 0;
let issuer: TestIssuer;
const testDatabase = await createDatabase();
let database: Database;
let served: Served;
const own = { ...process.env };

beforeAll(async () => {
  issuer = await startIssuer();
  Object.assign(process.env, issuer.environment, { APPROVER_REST_HOURS: '24' });
  database = await Database.open(testDatabase.url, [...commonMigrations, ...facilityMigrations]);
  await database.query(`INSERT INTO facility VALUES ('F1', 'Jawa Timur'), ('F2', 'Jawa Timur'), ('F3', 'Bali')`);
  served = await serve(database, [ThingsController], []);
});
afterAll(async () => {
  served.close();
  Object.assign(process.env, own);
  await issuer.stop();
  await database.onApplicationShutdown();
  await testDatabase.drop();
});

const ask = async (path: string, token?: string, init: RequestInit = {}) => {
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(init.headers as object) };
  const response = await fetch(`${served.address}/v1/${path}`, { ...init, headers });
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  const told = (await response.json()) as any;
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body: told };
};
const send = (path: string, token: string, content: object = {}, key = 'k-1') =>
  ask(path, token, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(content),
  });
const signed = (grants: string[], more: Partial<Content> = {}) => tokenOf({ person: 'p-1', grants, ...more });
const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');

describe('a forged token', () => {
  const now = Math.floor(Date.now() / 1_000);
  const auditor = ['auditor@national'];
  let foreign: JWK;
  beforeEach(async () => {
    foreign = { ...(await newKey()), kid: JSON.parse(process.env.TEST_ISSUER_KEY ?? '').kid };
  });
  const claims = (more: object) => ({ claims: more as Record<string, unknown> });
  const header = (more: object) => ({ header: more as Record<string, unknown> });

  it.each<[string, () => Promise<string>]>([
    [
      'that nobody signed',
      async () => {
        const [, content] = (await signed(auditor)).split('.');
        return `${part({ alg: 'none', typ: 'at+jwt' })}.${content}.`;
      },
    ],
    [
      'signed with the public key as a secret',
      async () => {
        const [, content] = (await signed(auditor)).split('.');
        const { d: _, ...publicKey } = JSON.parse(process.env.TEST_ISSUER_KEY ?? '');
        const pem = await exportSPKI((await importJWK(publicKey, 'ES256')) as CryptoKey);
        const begun = `${part({ alg: 'HS256', typ: 'at+jwt', kid: publicKey.kid })}.${content}`;
        return `${begun}.${createHmac('sha256', pem).update(begun).digest('base64url')}`;
      },
    ],
    ['by a foreign key of the same id', () => signed(auditor, { key: foreign })],
    [
      'that brings its own key',
      async () => signed(auditor, { key: foreign, ...header({ jwk: { ...foreign, d: undefined } }) }),
    ],
    [
      'that names where its key is',
      () => signed(auditor, { key: foreign, ...header({ jku: `${process.env.OIDC_ISSUER}/jwks` }) }),
    ],
    ['by a key that nobody publishes', async () => signed(auditor, { key: await newKey() })],
    ['with an extension that must be understood', () => critical(auditor)],
    ['that is an ID token', () => signed(auditor, header({ typ: 'JWT' }))],
    ['without a type', () => signed(auditor, header({ typ: undefined }))],
    ['of another issuer', () => signed(auditor, claims({ iss: 'https://elsewhere.example' }))],
    ['for another service', () => signed(auditor, claims({ aud: 'urn:pasindo:orders' }))],
    ['for nobody', () => signed(auditor, claims({ aud: undefined }))],
    ['that has expired', () => signed(auditor, claims({ iat: now - 1_200, exp: now - 600 }))],
    ['that lives a year', () => signed(auditor, claims({ exp: now + 31_536_000 }))],
    ['without an end', () => signed(auditor, claims({ exp: undefined }))],
    ['of a person with a blank', () => signed(auditor, { person: 'p-17 ' })],
    ['of a person without an id', () => signed(auditor, claims({ sub: '' }))],
    ['that is none', async () => 'nonsense'],
    ['that is cut off', async () => (await signed(auditor)).slice(0, -10)],
  ])('%s is refused, and nothing is done', async (_, forge) => {
    const before = runs;
    const token = await forge();
    const { status, challenge, body } = await ask('things', token);
    expect([status, body.title]).toEqual([401, 'Not signed in']);
    expect(challenge).toContain('Bearer error="invalid_token"');
    expect((await send('things', token, { facilityId: 'F1' })).status).toBe(401);
    expect((await ask('public', token)).status).toBe(401);
    expect(runs).toBe(before);
  });

  it('and many of unknown keys do not make the issuer busy', async () => {
    expect((await ask('things', await signed(auditor))).status).toBe(200);
    const before = issuer.fetches;
    const forged = await Promise.all(Array.from({ length: 20 }, async () => signed(auditor, { key: await newKey() })));
    for (const token of forged) expect((await ask('things', token)).status).toBe(401);
    expect(issuer.fetches - before).toBeLessThanOrEqual(1);
  });
});

/** Well signed, with a header that says that whoever does not know `urn:example:rule` does not understand it. */
async function critical(grants: string[]): Promise<string> {
  const key: JWK = JSON.parse(process.env.TEST_ISSUER_KEY ?? '');
  const rule = 'urn:example:rule';
  return new SignJWT(decodeJwt(await signed(grants)))
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid as string, crit: [rule], [rule]: true })
    .sign(await importJWK(key, 'ES256'), { crit: { [rule]: true } });
}

describe('a token', () => {
  it('in the address, or in two headers, is none', async () => {
    const token = await signed(['auditor@national']);
    const { status } = await ask(`things?access_token=${token}`);
    expect(status).toBe(401);
    const { hostname, port } = new URL(served.address);
    const twice = await new Promise<number | undefined>((resolve) =>
      request(
        {
          hostname,
          port,
          path: '/v1/things',
          headers: ['host', hostname, 'authorization', `Bearer ${token}`, 'authorization', `Bearer ${token}`],
        },
        (answer) => resolve(answer.resume().statusCode),
      ).end(),
    );
    expect(twice).toBe(401);
  });

  it('is asked for, except where anybody may', async () => {
    const { status, challenge } = await ask('things');
    expect([status, challenge]).toEqual([401, 'Bearer']);
    expect((await ask('open')).status).toBe(401);
    expect((await ask('public')).status).toBe(200);
    expect((await ask('open', await signed([]))).status).toBe(200);
  });

  it('is judged before its body is read', async () => {
    const large = JSON.stringify({ facilityId: 'x'.repeat(2_000_000) });
    const sent = (token?: string) =>
      ask('things', token, { method: 'POST', headers: { 'content-type': 'application/json' }, body: large });
    expect((await sent()).status).toBe(401);
    expect((await sent(await signed(['auditor@national']))).status).toBe(403);
    expect((await sent(await signed(['drafter@facility:F1']))).status).toBe(413);
  });

  it('is asked for before 300 MB are read, whose sender is told so at once', async () => {
    const { hostname, port } = new URL(served.address);
    const part = Buffer.alloc(1_000_000, 'x');
    const before = process.memoryUsage().rss;
    const headers = { 'content-type': 'application/json', 'content-length': String(300 * part.length) };
    const sent = request({ hostname, port, method: 'POST', path: '/v1/things', headers });
    const status = new Promise<number | undefined>((resolve) =>
      sent.once('response', (answer) => resolve(answer.resume().statusCode)),
    );
    sent.on('error', () => {}); // whoever goes on sending may be cut off
    for (let parts = 0; parts < 300 && !sent.destroyed; parts += 1) {
      if (!sent.write(part)) await Promise.race([once(sent, 'drain'), once(sent, 'close')]).catch(() => {});
    }
    sent.end();
    expect(await status).toBe(401);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});

describe('without the issuer', () => {
  it('a token is not judged until its keys have been fetched, and afterwards it is', async () => {
    const another = await startIssuer();
    const { OIDC_ISSUER, TEST_ISSUER_KEY } = process.env;
    Object.assign(process.env, another.environment);
    const [knows, never] = [
      await serve(database, [ThingsController], []),
      await serve(database, [ThingsController], []),
    ];
    const headers = { authorization: `Bearer ${await signed([])}` };
    const status = async ({ address }: Served) => (await fetch(`${address}/v1/open`, { headers })).status;
    expect(await status(knows)).toBe(200);
    await another.stop();
    expect([await status(knows), await status(never)]).toEqual([200, 503]);
    for (const each of [knows, never]) each.close();
    Object.assign(process.env, { OIDC_ISSUER, TEST_ISSUER_KEY, APPROVER_REST_HOURS: '24' });
  });
});

describe('grants', () => {
  it.each([
    [['approver@national', 'drafter@national']],
    [['approver@facility:F1', 'officer@facility:F2']],
    [['approver@national', 'operator@national']],
    [['approver@national', 'administrator@national']],
    [['maker@maker:M1', 'officer@facility:F1']],
    [['marketplace@channel:blanja', 'drafter@national']],
    [['auditor@national', 'overseer@national']],
    [['auditor@facility:F1']],
    [['officer@national']],
    [['king@national']],
    [['constructor@national']],
    [['drafter@facility:F1,F2']],
    [['drafter@facility:']],
    [['drafter']],
    [[17]],
    ['drafter@national'],
  ])('%j are refused as a whole', async (grants) => {
    const { status, body } = await ask('open', await tokenOf({ person: 'p-1', grants: [], claims: { grants } }));
    expect([status, body.title]).toEqual([403, 'Grants refused']);
  });

  it.each<[grants: string[], rows: unknown]>([
    [['auditor@national'], 'all'],
    [['drafter@facility:F1'], { facilities: ['F1'] }],
    [['drafter@facility:F1', 'officer@facility:F3'], { facilities: ['F1', 'F3'] }],
    [['overseer@region:Jawa Timur'], { facilities: ['F1', 'F2'] }],
    [['overseer@region:Nowhere'], { facilities: [] }],
    [['maker@maker:M1'], undefined],
    [['approver@national'], undefined],
    [[], undefined],
  ])('%j reach rows of %j in a list', async (grants, rows) => {
    const { status, body } = await ask('things', await signed(grants));
    expect(status).toBe(rows === undefined ? 403 : 200);
    expect(body.rows).toEqual(rows);
  });

  it.each<[grants: string[], path: string, status: number]>([
    [['drafter@facility:F1'], 'things/asked?facilityId=F1', 200],
    [['drafter@facility:F1'], 'things/asked?facilityId=F2', 403],
    [['overseer@region:Jawa Timur'], 'things/asked?facilityId=F2', 200],
    [['overseer@region:Jawa Timur'], 'things/asked?facilityId=F3', 403],
    [['auditor@national'], 'things/asked?facilityId=F3', 200],
    [['maker@maker:M1'], 'makers/M1', 200],
    [['maker@maker:M1'], 'makers/M2', 403],
    [['maker@maker:M1'], 'accounts/maker:M1:wages', 200],
    [['maker@maker:M1'], 'accounts/maker:M10:wages', 403],
    [['maker@maker:M1'], 'accounts/facility:M1:earnings', 403],
    [['marketplace@channel:blanja'], 'orders', 200],
    [['operator@national'], 'orders', 200],
    [['drafter@national'], 'orders', 403],
  ])('%j ask %s: %i', async (grants, path, expected) => {
    expect((await ask(path, await signed(grants))).status).toBe(expected);
  });

  it('of a facility may not do what only national ones may', async () => {
    expect((await send('rules', await signed(['drafter@facility:F1']))).status).toBe(403);
    expect((await send('rules', await signed(['drafter@region:Bali']))).status).toBe(403);
    expect((await send('rules', await signed(['drafter@national']))).status).toBe(201);
  });
});

describe('a person', () => {
  it('is who the token says, and nothing of the body', async () => {
    const token = await signed(['drafter@facility:F1'], { person: 'P-17' });
    expect((await send('things', token, { facilityId: 'F1' }, 'person')).body.by).toBe('p-17');
    const { status, body } = await send('things', token, { facilityId: 'F1', by: 'p-2' }, 'person-2');
    expect([status, body.errors]).toMatchObject([400, [{ field: 'by' }]]);
    expect((await send('things', token, { facilityId: 'F2' }, 'person-3')).status).toBe(403);
  });

  it('is needed where it is kept who did it', async () => {
    const token = await tokenOf({ grants: ['drafter@facility:F1'] });
    const { status, body } = await send('things', token, { facilityId: 'F1' }, 'program');
    expect([status, body.title]).toEqual([403, 'A person is needed']);
  });

  it('has keys of its own: another with the same one is another request', async () => {
    const grants = ['drafter@facility:F1'];
    const [one, other] = [await signed(grants), await signed(grants, { person: 'p-2' })];
    const first = await send('things', one, { facilityId: 'F1' }, 'shared');
    expect((await send('things', one, { facilityId: 'F1' }, 'shared')).body).toEqual(first.body);
    expect((await send('things', other, { facilityId: 'F1' }, 'shared')).body).toMatchObject({
      by: 'p-2',
      run: first.body.run + 1,
    });
  });
});

describe('an approver', () => {
  const approving = (person: string, claims: Record<string, unknown> = {}) =>
    signed(['approver@facility:F1'], { person, claims });
  const met = (person: string, hoursAgo: number) =>
    database.query(`INSERT INTO known_approver VALUES ($1, now() - make_interval(hours => $2))`, [person, hoursAgo]);

  it('who is new rests for a day', async () => {
    const { status, body } = await send('things/1/approval', await approving('new'));
    expect([status, body.detail]).toEqual([403, expect.stringContaining('rests until')]);
    await met('nearly', 23);
    expect((await send('things/1/approval', await approving('nearly'))).status).toBe(403);
    await met('old', 25);
    expect((await send('things/1/approval', await approving('old'))).body).toEqual({ by: 'old' });
  });

  it('signs in again before approving', async () => {
    await met('late', 25);
    const before = Math.floor(Date.now() / 1_000) - 1_000;
    expect((await send('things/1/approval', await approving('late', { auth_time: before }))).status).toBe(403);
    expect((await send('things/1/approval', await approving('late', { auth_time: undefined }))).status).toBe(403);
    expect((await send('things/1/approval', await approving('late'))).status).toBe(201);
  });

  it('signs in as strongly as the installation wants', async () => {
    await met('strong', 25);
    process.env.OIDC_APPROVER_ACR = 'mfa';
    const strict = await serve(database, [ThingsController], []);
    delete process.env.OIDC_APPROVER_ACR;
    const status = async (acr?: string) => {
      const authorization = `Bearer ${await approving('strong', { acr })}`;
      return (await fetch(`${strict.address}/v1/things/1/approval`, { method: 'POST', headers: { authorization } }))
        .status;
    };
    expect([await status(), await status('pwd'), await status('mfa')]).toEqual([403, 403, 201]);
    strict.close();
  });
});

describe('who asks too often', () => {
  const headers = async (person: string) => ({ authorization: `Bearer ${await signed([], { person })}` });
  let limited: Served;
  beforeAll(async () => {
    const limits = {
      RATE_PEOPLE_PER_SECOND: '5',
      RATE_MARKETPLACES_PER_SECOND: '8',
      RATE_REFUSED_TOKENS_PER_MINUTE: '3',
    };
    const usual = { ...process.env };
    Object.assign(process.env, limits);
    limited = await serve(database, [ThingsController], []);
    Object.assign(process.env, usual);
  });
  afterAll(() => limited.close());

  const refusedOf = async (count: number, init: () => Promise<RequestInit> | RequestInit) => {
    const answers = await Promise.all(
      Array.from({ length: count }, async () => fetch(`${limited.address}/v1/open`, await init())),
    );
    const refused = answers.filter(({ status }) => status === 429);
    for (const each of refused) expect(Number(each.headers.get('retry-after'))).toBeGreaterThan(0);
    return refused.length;
  };

  it('is told to come again, and nobody else is', async () => {
    const [one, other] = [await headers('often'), await headers('seldom')];
    expect(await refusedOf(12, () => ({ headers: one }))).toBe(7);
    expect(await refusedOf(1, () => ({ headers: other }))).toBe(0);
    const program = { authorization: `Bearer ${await tokenOf({ grants: ['marketplace@channel:blanja'] })}` };
    expect(await refusedOf(12, () => ({ headers: program }))).toBe(4);
  });

  it('with tokens that are none is not listened to any more', async () => {
    const nonsense = { headers: { authorization: 'Bearer nonsense' } };
    expect(await refusedOf(3, () => nonsense)).toBe(0);
    expect(await refusedOf(2, () => nonsense)).toBe(2);
    const good = await headers('meanwhile');
    expect(await refusedOf(1, () => ({ headers: good }))).toBe(1);
  });
});

describe('the log', () => {
  const log = linesOfLog();
  const now = Math.floor(Date.now() / 1_000);
  beforeEach(() => log.begin());
  afterEach(() => log.end());

  const person = { person: 'p-1', client: 'tests' };
  const program = { client: 'tests' };
  const claims = (more: Record<string, unknown>) => ({ claims: more });
  const drafter = ['drafter@facility:F1'];
  const approver = ['approver@national'];

  it.each<[told: object, path: string, content: Content | undefined | string, body?: object]>([
    [{ status: 401, reason: 'no-token', route: '/v1/things' }, 'things', undefined],
    [{ status: 401, reason: 'jws-invalid', route: '/v1/things' }, 'things', 'a.b.c'],
    [{ status: 401, reason: 'no-bearer-token', route: '/v1/makers/:makerId' }, 'makers/Budi', 'a b'],
    [{ status: 401, reason: 'jwt-expired' }, 'open', { grants: [], ...claims({ iat: now - 900, exp: now - 600 }) }],
    [
      { status: 401, reason: 'jwt-claim-validation-failed aud' },
      'open',
      { grants: [], ...claims({ aud: 'urn:pasindo:orders' }) },
    ],
    [{ status: 401, reason: 'lives-too-long' }, 'open', { grants: [], ...claims({ exp: now + 6_000 }) }],
    [{ status: 401, reason: 'no-person-id' }, 'open', { person: 'p 1', grants: [] }],
    [{ status: 403, reason: 'grants-unreadable', ...person }, 'open', { person: 'p-1', grants: ['king@national'] }],
    [
      { status: 403, reason: 'grants-in-conflict', ...person },
      'open',
      { person: 'p-1', grants: ['approver@national', 'drafter@national'] },
    ],
    [
      { status: 403, reason: 'no-permission', route: '/v1/makers/:makerId', ...person },
      'makers/Budi',
      { person: 'p-1', grants: approver },
    ],
    [
      { status: 403, reason: 'out-of-scope', route: '/v1/things/asked', ...person },
      'things/asked?facilityId=F2',
      { person: 'p-1', grants: drafter },
    ],
    [{ status: 403, reason: 'a-person-is-needed', ...program }, 'things', { grants: drafter }, { facilityId: 'F1' }],
    [
      { status: 403, reason: 'sign-in-again', route: '/v1/things/:id/approval', ...person },
      'things/Budi/approval',
      { person: 'p-1', grants: approver, ...claims({ auth_time: now - 1_000 }) },
      {},
    ],
    [
      { status: 413, reason: 'content-too-large', ...person },
      'things',
      { person: 'p-1', grants: drafter },
      { facilityId: 'x'.repeat(200_000) },
    ],
    [
      { status: 400, reason: 'unknown-field', ...person },
      'things',
      { person: 'p-1', grants: drafter },
      { facilityId: 'F1', Budi: 1 },
    ],
  ])('says of a refusal once: %j', async (...[told, path, content, body]) => {
    const token = typeof content === 'object' ? await tokenOf(content) : content;
    const answer = body === undefined ? await ask(path, token) : await send(path, token ?? '', body);
    const correlationId = answer.body.correlationId;
    const [line, ...more] = log.lines;
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 'warn', msg: 'request refused', correlationId, ...told });
    expect(line).toHaveProperty('route');
    expect('person' in told).toBe(Object.hasOwn(line ?? {}, 'person'));
    for (const secret of ['Budi', ...(token ?? '').split('.')].filter(({ length }) => length > 1)) {
      expect(JSON.stringify(line)).not.toContain(secret);
    }
  });

  it('says of one who asks too often, with a token and without', async () => {
    const usual = { ...process.env };
    Object.assign(process.env, { RATE_PEOPLE_PER_SECOND: '1', RATE_REFUSED_TOKENS_PER_MINUTE: '1' });
    const { address, close } = await serve(database, [ThingsController], []);
    Object.assign(process.env, usual);
    const authorization = `Bearer ${await signed([])}`;
    for (const headers of [{ authorization }, { authorization }, { authorization: 'Bearer a' }]) {
      await fetch(`${address}/v1/open`, { headers });
    }
    await fetch(`${address}/v1/open`, { headers: { authorization: 'Bearer a' } });
    expect(log.lines).toMatchObject([
      { status: 429, reason: 'asks-too-often', route: '/v1/open', ...person },
      { status: 401, reason: 'jws-invalid' },
      { status: 429, reason: 'tokens-refused-too-often', route: '/v1/open' },
    ]);
    close();
  });

  it('says who asked for what failed, and of nobody else in the next line', async () => {
    const { body } = await ask('broken/Budi', await signed([]));
    expect(body.title).toBe('Internal error');
    await ask('open');
    expect(log.lines).toMatchObject([
      { msg: 'request failed', level: 'error', status: 500, route: '/v1/broken/:name', ...person },
      { msg: 'request refused', status: 401 },
    ]);
    expect(log.lines[1]).not.toHaveProperty('person');
    expect(JSON.stringify(log.lines)).not.toContain('Budi');
  });

  it('says in a line nothing of the one before', async () => {
    await correlation.run({ correlationId: 'c-1' }, async () => {
      logger.warn({ status: 403 }, 'first');
      logger.warn('second');
    });
    expect(log.lines[1]).not.toHaveProperty('status');
    expect(log.lines.map(({ correlationId }) => correlationId)).toEqual(['c-1', 'c-1']);
  });

  it('says nothing of what is not there, or is answered', async () => {
    await ask('nowhere');
    await ask('open', await signed([]));
    expect(log.lines).toEqual([]);
  });
});

it('browsers are told to keep, guess and run nothing', async () => {
  const { headers } = await fetch(`${served.address}/v1/public`);
  expect(Object.fromEntries(headers)).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
    'referrer-policy': 'no-referrer',
  });
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('access-control-allow-origin')).toBeNull();
});
