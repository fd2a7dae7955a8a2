import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JWK } from 'jose';
import { newKey, startIssuer, type TestIssuer, tokenOf } from '../../test/kit/issuer.ts';
import { issuerOf, TokenVerifier } from './token.verifier.ts';

const PERSON = { person: 'p-1', grants: [] };
const own = { ...process.env };
afterEach(() => {
  process.env = { ...own };
});

/** How a token is judged: 200, or the status of the problem. */
const judge = (verifier: TokenVerifier, token: string): Promise<number> =>
  verifier.verify(token).then(
    () => 200,
    ({ status }) => status,
  );

describe('keys of the issuer', () => {
  const MINUTE = 60_000;
  let issuer: TestIssuer;
  let verifier: TokenVerifier;
  let old: JWK;
  let next: JWK;
  /** What the clock by which keys grow old is ahead. */
  let passedMs: number;
  const clock = Date.now;

  beforeEach(async () => {
    passedMs = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => clock() + passedMs);
    issuer = await startIssuer();
    Object.assign(process.env, issuer.environment);
    verifier = new TokenVerifier(issuerOf('test'));
    [old, next] = [JSON.parse(process.env.TEST_ISSUER_KEY ?? ''), await newKey()];
    expect(await by(old)).toBe(200);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await issuer.stop();
  });

  const by = async (key: JWK) => judge(verifier, await tokenOf({ ...PERSON, key }));

  it('that are changed as they ought to be keep nobody out', async () => {
    issuer.publish(old, next);
    for (passedMs = 0; passedMs < 10 * MINUTE; passedMs += MINUTE) expect(await by(old)).toBe(200);
    expect([await by(next), await by(old)]).toEqual([200, 200]);
    issuer.publish(next);
    passedMs += 10 * MINUTE;
    expect([await by(next), await by(old)]).toEqual([200, 401]);
    expect(issuer.fetches).toBeLessThanOrEqual(5); // one in five minutes
  });

  it('that sign as soon as they are published do so after half a minute', async () => {
    issuer.publish(old, next);
    expect(await by(next)).toBe(401);
    passedMs += 31_000;
    expect(await by(next)).toBe(200);
    expect(issuer.fetches).toBe(2);
  });

  it('that are withdrawn count for five minutes, and no longer', async () => {
    issuer.publish(next);
    passedMs += 5 * MINUTE - 1_000;
    expect(await by(old)).toBe(200);
    passedMs += 2_000;
    expect(await by(old)).toBe(401);
  });

  it('who is away count for five minutes; then nobody is judged, rather than let in', async () => {
    await issuer.stop();
    passedMs += 5 * MINUTE - 1_000;
    expect(await by(old)).toBe(200);
    passedMs += 2_000;
    expect(await by(old)).toBe(503);
  });
});

describe('an issuer', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  const start = async (listener: RequestListener): Promise<{ server: Server; url: string }> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };
  interface Pages {
    readonly issuer: string;
    readonly elsewhere: string;
  }
  const page = ({ issuer }: Pages, more: object = {}) =>
    JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, ...more });

  it.each<[string, number, (pages: Pages) => Record<string, string | { readonly redirect: string }>]>([
    ['as it should be', 200, (pages) => ({ page: page(pages) })],
    ['that calls itself otherwise', 503, (pages) => ({ page: page(pages, { issuer: pages.elsewhere }) })],
    ['that calls itself nearly so', 503, (pages) => ({ page: page(pages, { issuer: `${pages.issuer}/` }) })],
    ['whose page is said to be elsewhere', 503, ({ elsewhere }) => ({ page: { redirect: elsewhere } })],
    [
      'whose keys are said to be elsewhere',
      503,
      (pages) => ({ page: page(pages), keys: { redirect: `${pages.elsewhere}/jwks` } }),
    ],
    [
      'whose keys are behind another protocol',
      503,
      (pages) => ({ page: page(pages, { jwks_uri: pages.elsewhere.replace('http:', 'https:') }) }),
    ],
    ['that has no page', 503, () => ({})],
    ['whose page is none', 503, () => ({ page: 'nonsense' })],
  ])('%s: %i, and nobody else is asked', async (_, status, pagesOf) => {
    const { d: __, ...key } = JSON.parse(JSON.stringify(await newKey()));
    const signing = { ...key, d: __ } as JWK;
    let strangers = 0;
    // Where it leads, all would be well.
    const stranger = await start(({ url }, response) => {
      response.end(url === '/jwks' ? JSON.stringify({ keys: [key] }) : page({ issuer, elsewhere: stranger.url }));
    });
    stranger.server.on('connection', () => (strangers += 1));
    const { url: issuer } = await start(({ url }, response) => {
      const { page: ofPage, keys = JSON.stringify({ keys: [key] }) } = pagesOf({ issuer, elsewhere: stranger.url });
      const answer = url === '/jwks' ? keys : ofPage;
      if (answer === undefined) response.writeHead(404).end();
      else if (typeof answer === 'string') response.setHeader('content-type', 'application/json').end(answer);
      else response.writeHead(302, { location: answer.redirect }).end();
    });
    Object.assign(process.env, { OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'urn:pasindo:test', PASINDO_DEMO: 'on' });
    const verifier = new TokenVerifier(issuerOf('test'));
    expect([await judge(verifier, await tokenOf({ ...PERSON, key: signing })), strangers]).toEqual([status, 0]);
  });

  it('without TLS is believed in a demo alone', () => {
    expect(() => issuerOf('ledger', { OIDC_ISSUER: 'http://id.example' })).toThrow('not https');
    expect(() => issuerOf('ledger', {})).toThrow('OIDC_ISSUER is not set');
    expect(issuerOf('ledger', { OIDC_ISSUER: 'https://id.example' })).toMatchObject({
      issuer: 'https://id.example',
      audience: 'urn:pasindo:ledger',
      tokenType: 'at+jwt',
    });
  });
});
