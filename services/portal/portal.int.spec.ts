/** The portal in front of the real issuer, catalogue and ledger. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { register } from 'prom-client';
import { routesOf } from '#libs/access';
import { Database } from '#libs/database';
import { edgesOf } from '#libs/service';
import { freePort } from '../../deploy/local/ports.ts';
import { startProxy, type TcpProxy } from '../../test/faults/proxy.ts';
import { Browser } from '../../test/kit/browser.ts';
import { startCatalogue } from '../../test/kit/catalogue.ts';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { startDemoIssuer } from '../../test/kit/issuer.ts';
import { startLedger, type TestedLedger } from '../../test/kit/ledger.ts';
import { eventually } from '../../test/kit/service.ts';
import { signedFetch } from '../../test/kit/sign-in.ts';
import { createPortal } from './create-portal.ts';
import { PortalModule } from './portal.module.ts';
import { IssuerService } from './session/issuer.service.ts';
import { SessionRepository } from './session/session.repository.ts';
import { hashOf } from './session/session.ts';

const HOME = 'LP-MOJOKERTO';
const FACILITIES = `facility_id,name,type,class,region,timezone
${HOME},Lapas Mojokerto,lapas,IIB,Jawa Timur,Asia/Jakarta
LP-ELSEWHERE,Lapas Lain,lapas,I,Bali,Asia/Makassar`;
const MAKERS = `maker_id,facility_id,registration_no,name,display_name,consent,is_child
M-1,${HOME},REG 1,Wayan Satu,Perajin A,true,false`;
const PRODUCTS = `sku,facility_id,category,title_id,title_en,price
bag,${HOME},craft,Tas,Bag,100000`;
const LOTS = `lot_id,sku,facility_id,quantity,unit_cost,made_on
${[...Array(12).keys()].map((lot) => `L${lot},bag,${HOME},10,0,2026-01-02`).join('\n')}`;
const CONTRIBUTIONS = `lot_id,maker_id,measure,value
${[...Array(12).keys()].map((lot) => `L${lot},M-1,hours,1`).join('\n')}`;

let issuer: Awaited<ReturnType<typeof startDemoIssuer>>;
let testDatabase: TestDatabase;
let ledger: TestedLedger;
let catalogue: Awaited<ReturnType<typeof startCatalogue>>;
let portal: NestExpressApplication;
let origin: string;
let database: Database;
let sessions: SessionRepository;
const proxies = {} as Record<'catalogue' | 'ledger', TcpProxy>;

/** All of them run in this process: each is told its audience by its environment, and has figures of its own. */
async function within<T>(audience: string, start: () => Promise<T>): Promise<T> {
  register.clear();
  process.env.OIDC_AUDIENCE = `urn:pasindo:${audience}`;
  try {
    return await start();
  } finally {
    delete process.env.OIDC_AUDIENCE;
  }
}

async function proxyOf(service: 'catalogue' | 'ledger', app: INestApplication): Promise<void> {
  proxies[service] = await startProxy(Number(new URL(await app.getUrl()).port));
  process.env[`${service.toUpperCase()}_ADDRESS`] = `http://127.0.0.1:${proxies[service].port}`;
}

beforeAll(async () => {
  issuer = await startDemoIssuer();
  Object.assign(process.env, issuer.environment);
  testDatabase = await createDatabase();
  ledger = await within('ledger', startLedger);
  catalogue = await within('catalogue', startCatalogue);
  await proxyOf('ledger', ledger.app);
  await proxyOf('catalogue', catalogue.app);
  const files = {
    'facilities.csv': FACILITIES,
    'makers.csv': MAKERS,
    'products.csv': PRODUCTS,
    'lots.csv': LOTS,
    'contributions.csv': CONTRIBUTIONS,
  };
  const body = JSON.stringify({ files, dryRun: false });
  const headers = { 'content-type': 'application/json' };
  const imported = await signedFetch(`${await catalogue.app.getUrl()}/v1/imports`, { method: 'POST', body, headers });
  expect(imported.status).toBe(200);

  const port = await freePort();
  process.env.DATABASE_URL = testDatabase.url;
  portal = await within('portal', () => createPortal({ ...edgesOf(port), port }));
  await portal.listen(port, '127.0.0.1');
  origin = `http://127.0.0.1:${port}`;
  database = portal.get(Database);
  sessions = portal.get(SessionRepository, { strict: false });
});
afterAll(async () => {
  await portal?.close();
  await catalogue?.close();
  await ledger?.close();
  await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
  await testDatabase?.drop();
  await issuer?.stop();
});

async function signedIn(as: string): Promise<Browser> {
  const browser = new Browser(origin);
  await browser.signIn(as);
  expect((await browser.get('/api/session')).body).toMatchObject({ signedIn: true, person: as });
  return browser;
}
const cookieOf = ({ cookies }: Browser): string => cookies.get('pasindo') ?? '';
const idHashOf = (browser: Browser): Buffer => hashOf(cookieOf(browser));
const isSignedIn = async (browser: Browser): Promise<boolean> => (await browser.get('/api/session')).body.signedIn;

/** As if its access tokens had ended: whoever needs one needs the refresh token. */
async function ageTokens(browser: Browser): Promise<void> {
  const session = await sessions.use(idHashOf(browser));
  if (!session) throw new Error('there is no session');
  const { refresh, access } = session.tokens;
  const aged = Object.entries(access).map(([audience, { token }]) => [audience, { token, expiresAt: 0 }]);
  const tokens = { refresh, access: Object.fromEntries(aged) };
  await database.transaction((transaction) => sessions.keep(transaction, session.idHash, tokens));
}

describe('signing in', () => {
  it('is one press: code, PKCE, state and nonce to the issuer, and a cookie that no script reads', async () => {
    const browser = new Browser(origin);
    expect((await browser.get('/api/session')).body).toMatchObject({
      signedIn: false,
      demo: true,
      persons: expect.arrayContaining([
        { id: 'auditor', title: { id: 'Auditor', en: 'Auditor' }, grants: ['auditor@national'] },
      ]),
    });
    const way = await browser.signIn('treasurer-1', '/payouts?facility=LP-MOJOKERTO');
    expect(Object.fromEntries(way[1]?.searchParams ?? [])).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      prompt: 'login',
    });
    expect(way.at(-1)?.href).toBe(`${origin}/payouts?facility=LP-MOJOKERTO`);
    const kept = browser.setCookies.filter((cookie) => cookie.startsWith('pasindo='));
    expect(kept).toEqual([expect.stringMatching(/^pasindo=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)]);
    expect((await browser.get('/api/session')).body).toEqual({
      signedIn: true,
      person: 'treasurer-1',
      title: { id: 'Bendahara 1 Lapas Mojokerto', en: 'Treasurer 1 at Lapas Mojokerto' },
      grants: [{ role: 'drafter', kind: 'facility', id: HOME }],
      facilities: [{ facilityId: HOME, name: 'Lapas Mojokerto', kind: 'lapas', region: 'Jawa Timur' }],
      demo: true,
      locale: 'id',
    });
  });

  it.each([
    ['region', [HOME]],
    ['auditor', ['LP-ELSEWHERE', HOME]],
    ['maker', []],
  ])('shows %s the facilities of his scope', async (person, facilityIds) => {
    const browser = await signedIn(person);
    const { facilities } = (await browser.get('/api/session')).body;
    expect(facilities.map(({ facilityId }: { facilityId: string }) => facilityId)).toEqual(facilityIds);
  });

  it('is asked for where the issuer leads back to, however a browser calls this computer', async () => {
    const path = '/auth/login?as=auditor&to=//evil.example';
    const response = await fetch(origin.replace('127.0.0.1', 'localhost') + path, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([307, origin + path]);
  });

  it('needs the answer to what this browser asked: another state, or none, signs nobody in', async () => {
    const browser = new Browser(origin);
    const begun = await browser.fetch('/auth/login?as=auditor');
    const at = async (url: string) => (await browser.fetch(url)).headers.get('location') ?? '';
    let answer = begun.headers.get('location') ?? '';
    while (!answer.includes('/auth/callback')) answer = new URL(await at(answer), answer).href;
    const stranger = new Browser(origin);
    expect((await stranger.fetch(answer)).headers.get('location')).toBe('/?sign-in=failed');
    const changed = new URL(answer);
    changed.searchParams.set('state', 'another');
    expect(await at(changed.href)).toBe('/?sign-in=failed');
    expect(await at(answer)).toBe('/?sign-in=failed'); // what was asked is forgotten once it is answered
    expect([cookieOf(browser), cookieOf(stranger)]).toEqual(['', '']);
  });

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', 'payouts', 'javascript:alert(1)'])(
    'leads to a page of ours, and not to %s',
    async (to) => {
      const browser = new Browser(origin);
      expect((await browser.signIn('auditor', to)).at(-1)?.href).toBe(`${origin}/`);
    },
  );

  it('gives a new session, and ends the one that this browser had', async () => {
    const browser = await signedIn('officer');
    const before = cookieOf(browser);
    await browser.signIn('auditor');
    expect(cookieOf(browser)).not.toBe(before);
    expect(await sessions.use(hashOf(before))).toBeUndefined();
    expect((await browser.get('/api/session')).body.person).toBe('auditor');
  });
});

describe('a session', () => {
  it('ends here and at the issuer by signing out, and the browser forgets it', async () => {
    const browser = await signedIn('officer');
    const other = await signedIn('officer');
    const { tokens } = (await sessions.use(idHashOf(browser))) ?? {};
    const cookies = new Map(browser.cookies);
    const answer = await browser.fetch('/auth/logout', { method: 'POST', headers: { 'x-pasindo': '1' } });
    expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([204, '"cache", "storage"']);
    expect(cookieOf(browser)).toBe('');
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect((await browser.get('/api/screens/decisions')).status).toBe(401);
    expect(await isSignedIn(browser)).toBe(false);
    await expect(
      portal.get(IssuerService, { strict: false }).refresh(tokens as never, 'urn:pasindo:ledger'),
    ).rejects.toThrow();
    expect(await isSignedIn(other)).toBe(true);
  });

  it('ends wherever the person has one, if he says so', async () => {
    const [one, other, somebody] = [await signedIn('region'), await signedIn('region'), await signedIn('auditor')];
    expect((await one.post('/auth/logout/everywhere')).status).toBe(204);
    expect([await isSignedIn(other), await isSignedIn(somebody)]).toEqual([false, true]);
  });

  it('is over when its row is gone', async () => {
    const browser = await signedIn('auditor');
    await database.query('DELETE FROM session WHERE id_hash = $1', [idHashOf(browser)]);
    expect((await browser.get('/api/screens/decisions')).status).toBe(401);
  });

  it.each([
    ['half an hour without use', `seen_at = now() - interval '31 minutes'`],
    ['eight hours, however it is used', `started_at = now() - interval '481 minutes'`],
  ])('is over after %s', async (_, aged) => {
    const browser = await signedIn('auditor');
    const [before] = await database.query(
      `UPDATE session SET seen_at = now() - interval '29 minutes'
       WHERE id_hash = $1 RETURNING 1`,
      [idHashOf(browser)],
    );
    expect(before).toBeDefined();
    expect(await isSignedIn(browser)).toBe(true);
    await database.query(`UPDATE session SET ${aged} WHERE id_hash = $1`, [idHashOf(browser)]);
    expect((await browser.get('/api/screens/decisions')).status).toBe(401);
    await sessions.forgetEnded();
    expect(await database.query('SELECT FROM session WHERE id_hash = $1', [idHashOf(browser)])).toEqual([]);
  });

  it('stands in the database so that who reads it cannot come as anybody', async () => {
    const browser = await signedIn('auditor');
    const { tokens } = (await sessions.use(idHashOf(browser))) ?? {};
    const rows = await database.query<{ text: string }>('SELECT session::text AS text FROM session');
    const all =
      rows.map(({ text }) => text).join() + rows.map(({ text }) => Buffer.from(text.replace(/\W+/g, ''), 'hex')).join();
    for (const secret of [
      cookieOf(browser),
      tokens?.refresh ?? '',
      ...Object.values(tokens?.access ?? {}).map(({ token }) => token),
    ]) {
      expect(secret).not.toBe('');
      expect(all).not.toContain(secret);
      expect(all).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it('gets a token that has ended anew, once, however many need it at a time', async () => {
    const browser = await signedIn('auditor');
    for (let round = 0; round < 3; round += 1) {
      await ageTokens(browser);
      const before = (await sessions.use(idHashOf(browser)))?.tokens.refresh;
      const answers = await Promise.all(Array.from({ length: 8 }, () => browser.get('/api/screens/reports')));
      expect(answers.map(({ body }) => body.sections.trialBalance.state)).toEqual(Array(8).fill('ok'));
      expect((await sessions.use(idHashOf(browser)))?.tokens.refresh).not.toBe(before); // one that came twice would end it
    }
  });

  it('ends with what it stands on at the issuer', async () => {
    const browser = await signedIn('auditor');
    const { tokens } = (await sessions.use(idHashOf(browser))) ?? {};
    await portal.get(IssuerService, { strict: false }).revoke(tokens as never);
    await ageTokens(browser);
    expect((await browser.get('/api/screens/reports')).status).toBe(401);
    expect(await sessions.use(idHashOf(browser))).toBeUndefined();
  });
});

describe('who asks', () => {
  it('is signed in, but where anybody may come', async () => {
    const asked: unknown[] = [];
    for (const { method, path, door } of routesOf(PortalModule)) {
      const url = path.replace(':service', 'ledger').replace('*path', 'reports/premi').replace(':name', 'reports');
      const browser = new Browser(origin);
      const { status } = await browser.fetch(url, { method, headers: { 'x-pasindo': '1' } });
      asked.push([path, door, status === 401]);
    }
    expect(asked).toEqual(
      asked.map((row) => [(row as unknown[])[0], (row as unknown[])[1], (row as unknown[])[1] === 'open']),
    );
    expect(asked.length).toBeGreaterThan(8);
  });

  it.each<[string, Record<string, string>]>([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of another host of this site', { 'sec-fetch-site': 'same-site' }],
    ['that says not whence it comes', { 'sec-fetch-site': '' }],
    ['without the header that no form sends', { 'x-pasindo': '' }],
  ])('a page %s changes nothing', async (_, headers) => {
    const browser = await signedIn('auditor');
    for (const path of ['/auth/logout', '/api/commands/ledger/verifications']) {
      expect((await browser.post(path, undefined, headers)).status).toBe(403);
    }
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('a page of another site reads nothing', async () => {
    const browser = await signedIn('auditor');
    const answer = await browser.fetch('/api/session', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(answer.status).toBe(403);
  });
});

describe('a screen', () => {
  /** What the services are asked meanwhile. */
  async function callsDuring(work: () => Promise<unknown>): Promise<string[]> {
    const calls: string[] = [];
    const note = (message: unknown) => {
      const { request } = message as { request: { origin: string; path: string; method: string } };
      if (request.path.startsWith('/v1/')) calls.push(`${request.method} ${request.path}`);
    };
    subscribe('undici:request:create', note);
    await work().finally(() => unsubscribe('undici:request:create', note));
    return calls;
  }

  it('asks its services at once, and for names once, however many rows there are', async () => {
    const officer = await signedIn('officer');
    await officer.get('/api/screens/lots');
    const told: { body?: { sections: Record<string, { data: { items: object[] } }> } } = {};
    const calls = await callsDuring(async () => Object.assign(told, await officer.get('/api/screens/lots')));
    expect(told.body?.sections.lots?.data.items).toHaveLength(12);
    expect(calls.filter((call) => call.startsWith('POST /v1/makers/names'))).toHaveLength(1);
    expect(calls.sort()).toEqual([
      'GET /v1/lots?order=newest',
      'GET /v1/lots?recorded=false&limit=100',
      'GET /v1/products?limit=1000',
      'GET /v1/products?low=true&limit=100',
      'POST /v1/makers/names',
    ]);
  });

  it('names makers to whom may know, and to nobody else', async () => {
    const officer = await signedIn('officer');
    const { sections } = (await officer.get('/api/screens/lots')).body;
    expect(sections.names).toMatchObject({ state: 'ok', data: { items: [{ makerId: 'M-1', name: 'Wayan Satu' }] } });
    const [read] = await catalogue.app
      .get(Database)
      .query('SELECT person, purpose FROM personal_read ORDER BY number DESC LIMIT 1');
    expect(read).toMatchObject({ person: 'officer', purpose: 'production' });
    const auditor = (await (await signedIn('auditor')).get('/api/screens/lots')).body.sections;
    expect(auditor.lots.state).toBe('ok');
    expect(auditor.names).toBeUndefined();
  });

  it('tells what a service refuses, by the words of the service', async () => {
    const { sections } = (await (await signedIn('officer')).get('/api/screens/months')).body;
    expect(sections.periods).toMatchObject({
      state: 'forbidden',
      data: null,
      problem: { status: 403, title: 'Not allowed' },
    });
  });

  it('lacks what a stopped service would tell, and nothing else; what changes seldom is told as it was', async () => {
    const auditor = await signedIn('auditor');
    const order = '/api/screens/order?channel=blanja&ref=1';
    expect((await auditor.get(order)).body.sections.titles.state).toBe('ok');
    proxies.catalogue.cut();
    const later = Date.now() + 61_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
    const { titles, flows } = (await auditor.get(order)).body.sections;
    clock.mockRestore();
    expect(flows.state).toBe('ok');
    expect(titles).toMatchObject({ state: 'stale', data: { items: expect.any(Array) } });
    expect(Date.parse(titles.asOf)).toBeLessThan(later - 60_000);
    const { audit } = { audit: (await auditor.get('/api/screens/audit')).body.sections };
    expect(audit.readings).toMatchObject({ state: 'unavailable', data: null });
    expect(audit.keys.state).toBe('ok');
    proxies.catalogue.heal();
    expect((await auditor.get('/api/screens/audit')).body.sections.readings.state).toBe('ok');
  });

  it('waits two seconds for a slow service, for all of its sections at once', async () => {
    const auditor = await signedIn('auditor');
    await auditor.get('/api/screens/audit');
    proxies.ledger.freeze();
    const startedAt = performance.now();
    const { sections } = (await auditor.get('/api/screens/audit')).body;
    const tookMs = performance.now() - startedAt;
    proxies.ledger.heal();
    expect([sections.seals.state, sections.keys.state, sections.readings.state]).toEqual([
      'unavailable',
      'unavailable',
      'ok',
    ]);
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(3_900); // twice that would be one after the other
  });

  it('takes the parameters that stand in its table, and says which it does not', async () => {
    const auditor = await signedIn('auditor');
    expect(await auditor.get('/api/screens/maker?month=2026-13&whatever=1')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'whatever' }, { field: 'month' }, { field: 'maker' }] },
    });
    expect((await auditor.get('/api/screens/constructor')).status).toBe(404);
  });
});

describe('a command', () => {
  const draft = () => ({
    facilityId: HOME,
    type: 'adjustment',
    occurredAt: '2026-01-15T10:00:00+07:00',
    reason: 'a correction',
    entries: [
      { account: `facility:${HOME}:earnings`, amount: 500 },
      { account: 'maker:M-1:wages', amount: -500 },
    ],
  });

  it('is the person’s who is signed in; who drafted does not approve, another does; a key has its effect once', async () => {
    const [treasurer, approver] = [await signedIn('treasurer-1'), await signedIn('approver')];
    const key = { 'idempotency-key': randomUUID() };
    const drafted = await treasurer.post('/api/commands/ledger/adjustments', draft(), key);
    expect(drafted).toMatchObject({ status: 200, body: { createdBy: 'treasurer-1' } });
    expect(await treasurer.post('/api/commands/ledger/adjustments', draft(), key)).toEqual(drafted);
    const approval = `/api/commands/ledger/adjustments/${drafted.body.adjustmentId}/approval`;
    expect((await treasurer.post(approval, {}, { 'idempotency-key': randomUUID() })).status).toBe(403);
    const approved = await approver.post(approval, {}, { 'idempotency-key': randomUUID() });
    expect(approved).toMatchObject({ status: 200, body: { approvedBy: 'approver' } });
  });

  it('is judged by the service, whose words come unchanged', async () => {
    const treasurer = await signedIn('treasurer-1');
    const direct = await signedFetch(`${await ledger.app.getUrl()}/v1/adjustments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ ...draft(), occurredAt: 'yesterday' }),
    });
    const { correlationId: _, ...problem } = (await direct.json()) as Record<string, unknown>;
    const wrong = { ...draft(), occurredAt: 'yesterday' };
    const answer = await treasurer.post('/api/commands/ledger/adjustments', wrong, { 'idempotency-key': randomUUID() });
    expect(answer).toMatchObject({ status: 400, body: problem });
    const broken = await treasurer.fetch('/api/commands/ledger/adjustments', {
      method: 'POST',
      headers: { 'x-pasindo': '1', 'content-type': 'application/json' },
      body: '{"facilityId": 1, "facilityId": 2}',
    });
    expect([broken.status, broken.headers.get('content-type')]).toEqual([400, expect.stringContaining('problem+json')]);
  });

  it.each([
    'ledger/journals',
    'ledger/adjustments/x%2F..%2Fpayouts',
    'orders/checkouts',
    'payments/sandbox/disbursements/1/pay',
    'elsewhere/payouts',
    'ledger/adjustments/%2e%2e/approval',
  ])('is one of the list: %s is none', async (path) => {
    const operator = await signedIn('operator-1');
    expect((await operator.post(`/api/commands/${path}`, {})).status).toBe(404);
  });

  it('to a service that is away says so, and that it may be sent again', async () => {
    const treasurer = await signedIn('treasurer-1');
    await treasurer.get('/api/screens/reports');
    proxies.ledger.cut();
    const answer = await treasurer.post('/api/commands/ledger/adjustments', draft(), {
      'idempotency-key': randomUUID(),
    });
    proxies.ledger.heal();
    expect(answer).toMatchObject({ status: 503, body: { title: 'Not available' } });
  });
});

describe('a file', () => {
  it('is what the service makes of the same question', async () => {
    const auditor = await signedIn('auditor');
    const query = `reports/trial-balance?format=csv&facilityId=${HOME}`;
    const file = await auditor.fetch(`/api/exports/ledger/${query}`);
    const direct = await signedFetch(`${await ledger.app.getUrl()}/v1/${query}`);
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([
      200,
      direct.headers.get('content-type'),
      direct.headers.get('content-disposition'),
    ]);
    expect(await file.text()).toBe(await direct.text());
  });

  it('is one of the list', async () => {
    const auditor = await signedIn('auditor');
    expect((await auditor.get('/api/exports/ledger/journals')).status).toBe(404);
    expect((await auditor.get('/api/exports/catalogue/imports/templates/..')).status).toBe(404);
  });
});

describe('what changes', () => {
  interface Heard {
    readonly changes: { facilityId: string | null; kind: string; reference: string }[];
    readonly comments: number;
    readonly ended: boolean;
  }

  async function listen(browser: Browser): Promise<Heard & { stop(): void }> {
    const stopping = new AbortController();
    const response = await browser.fetch('/api/live', { signal: stopping.signal });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const heard = { changes: [] as Heard['changes'], comments: 0, ended: false, stop: () => stopping.abort() };
    void (async () => {
      let text = '';
      for await (const bytes of response.body ?? []) {
        text += Buffer.from(bytes as Uint8Array).toString();
        const events = text.split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) {
          if (event.startsWith(':')) heard.comments += 1;
          const [, data] = /^event: change\ndata: (.*)$/.exec(event) ?? [];
          if (data !== undefined) heard.changes.push(JSON.parse(data));
        }
      }
      heard.ended = true;
    })().catch(() => {});
    return heard;
  }

  const untilFed = () =>
    eventually(
      async () => (await (await fetch(`${origin}/health/ready`)).json()) as { feed: boolean },
      ({ feed }) => feed,
    );

  it('is told to whose facilities it is about, within a second, and says no more than what', async () => {
    expect(await untilFed()).toMatchObject({ feed: true });
    const streams = {
      officer: await listen(await signedIn('officer')),
      auditor: await listen(await signedIn('auditor')),
      region: await listen(await signedIn('region')),
      maker: await listen(await signedIn('maker')),
      operator: await listen(await signedIn('operator-1')),
    };
    const heardAfterMs = async (orderRef: string): Promise<number> => {
      await ledger.sell({ orderRef, facilityId: HOME, lines: [{}] });
      const soldAt = performance.now();
      const arrived = () =>
        [streams.officer, streams.region, streams.auditor].every(({ changes }) =>
          changes.some(({ reference }) => reference === `blanja/${orderRef}@${HOME}`),
        );
      expect(await eventually(arrived, Boolean)).toBe(true);
      return performance.now() - soldAt;
    };
    await ledger.sell({ orderRef: 'L1', facilityId: 'LP-ELSEWHERE', lines: [{}] });
    const tookMs = [await heardAfterMs('L2')];
    const home = { facilityId: HOME, kind: 'sale', reference: `blanja/L2@${HOME}` };
    const elsewhere = { facilityId: 'LP-ELSEWHERE', kind: 'sale', reference: 'blanja/L1@LP-ELSEWHERE' };
    await eventually(
      () => streams.auditor.changes.length,
      (count) => count >= 2,
    );
    await sleep(300);
    expect(streams.officer.changes).toEqual([home]);
    expect(streams.region.changes).toEqual([home]);
    expect(streams.auditor.changes).toEqual(expect.arrayContaining([home, elsewhere]));
    expect([streams.maker.changes, streams.operator.changes]).toEqual([[], []]);
    // The best of a few: others use this machine too.
    while (Math.min(...tookMs) >= 1_000 && tookMs.length < 5) tookMs.push(await heardAfterMs(`again-${tookMs.length}`));
    expect(Math.min(...tookMs)).toBeLessThan(1_000);
    for (const stream of Object.values(streams)) stream.stop();
  });

  it('is told for as long as the session lives, which is looked after every quarter of a minute', async () => {
    const officer = await signedIn('officer');
    const listenBoth = async () => {
      await untilFed();
      const auditor = await signedIn('auditor');
      const both = [await listen(officer), await listen(auditor)] as const;
      await auditor.post('/auth/logout');
      return both;
    };
    let [stays, leaves] = await listenBoth();
    const ends = Date.now() + 40_000;
    while ((stays.comments === 0 || !leaves.ended) && Date.now() < ends) {
      await sleep(100);
      if (stays.ended) [stays, leaves] = await listenBoth(); // the feed was interrupted: whoever listens comes again
    }
    expect([stays.comments, stays.ended]).toEqual([1, false]);
    expect([leaves.comments, leaves.ended]).toEqual([0, true]);
    stays.stop();
  });
});

describe('a list as a file', () => {
  it('has all that its filter finds, of whatever page, as its service says it and safe for a spreadsheet', async () => {
    await ledger.database.query(
      `INSERT INTO adjustment (adjustment_id, type, facility_id, occurred_at, reason, content, created_by,
                               rejected_by, rejected_at, rejected_because)
       SELECT gen_random_uuid(), 'obligation', $1, now(), 'many', '{"amount": 7}', 'p-1', 'p-2', now(), '=1+1'
         FROM generate_series(1, 1100)`,
      [HOME],
    );
    const treasurer = await signedIn('treasurer-1');
    const file = await treasurer.fetch('/api/lists/decisions?state=rejected&kind=adjustment');
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'attachment; filename=decisions.csv',
    ]);
    const [head, ...lines] = (await file.text()).trimEnd().split('\r\n');
    expect(head).toMatch(/kind,id,version,type,about,facilityId,amount,status,/);
    expect(lines).toHaveLength(1_100);
    expect(new Set(lines.map((line) => line.split(',')[1])).size).toBe(1_100);
    for (const line of lines)
      expect(line).toMatch(/^adjustment,[\w-]{36},,obligation,,LP-MOJOKERTO,7,rejected,p-1,\S+,,,p-2,\S+,'=1\+1$/);
  });

  it('is one of the list, asked as its screen is, of who may read it, from a service that answers', async () => {
    const [treasurer, maker] = [await signedIn('treasurer-1'), await signedIn('maker')];
    expect((await treasurer.get('/api/lists/journals')).status).toBe(404);
    expect(await treasurer.get('/api/lists/decisions?colour=red')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'colour', code: 'unknown-field' }] },
    });
    expect((await treasurer.get('/api/lists/decisions?state=unheard')).status).toBe(400);
    expect((await maker.get('/api/lists/decisions')).status).toBe(403);
    proxies.ledger.cut();
    const away = await treasurer.get('/api/lists/decisions');
    proxies.ledger.heal();
    expect(away).toMatchObject({ status: 503, body: { title: 'Not available' } });
  });
});
