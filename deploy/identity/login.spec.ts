import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

const COMMAND = fileURLToPath(new URL('login.command.ts', import.meta.url));
const servers: Server[] = [];
let redeemed: URLSearchParams[];
let issuer: string;
/** Of its page, what is not as it should be. */
let page: Record<string, string>;
let movedTo: string | undefined;
let login: ChildProcessByStdio<null, Readable, Readable> | undefined;

beforeEach(async () => {
  [redeemed, page, movedTo] = [[], {}, undefined];
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/token') {
      redeemed.push(new URLSearchParams(await text(request)));
      return response.end(JSON.stringify({ access_token: 'the-token' }));
    }
    if (movedTo !== undefined) return response.writeHead(302, { location: movedTo }).end();
    const endpoints = { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
    return response.end(JSON.stringify({ issuer, ...endpoints, ...page }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  login?.kill();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

function start() {
  const child = spawn(process.execPath, ['--conditions=source', COMMAND, 'ledger'], {
    env: { ...process.env, OIDC_ISSUER: issuer },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  login = child;
  return child;
}

/** What the command asks a person to open. */
async function addressOf(child: ReturnType<typeof start>): Promise<URL> {
  let told = '';
  for await (const part of child.stderr) {
    told += part;
    const [address] = /http\S+\n/.exec(told) ?? [];
    if (address) return new URL(address.trim());
  }
  throw new Error(told);
}

it('takes the answer to what it asked, and no other', async () => {
  const child = start();
  const output = text(child.stdout);
  const { searchParams } = await addressOf(child);
  expect(searchParams.get('code_challenge_method')).toBe('S256');
  const [redirect, state] = [searchParams.get('redirect_uri') ?? '', searchParams.get('state') ?? ''];
  expect(state.length).toBeGreaterThan(20);
  const answer = async (query: Record<string, string>) =>
    (await fetch(`${redirect}?${new URLSearchParams(query)}`, { headers: { connection: 'close' } })).status;
  expect(await answer({ code: 'of-somebody-else' })).toBe(404);
  expect(await answer({ code: 'of-somebody-else', state: `${state}x` })).toBe(404);
  expect(await answer({ error: 'access_denied', state: '' })).toBe(404);
  expect(redeemed).toEqual([]);
  expect(await answer({ code: 'ours', state })).toBe(200);
  expect((await output).trim()).toBe('the-token');
  expect(redeemed.map((form) => [form.get('code'), form.get('redirect_uri')])).toEqual([['ours', redirect]]);
  expect(redeemed[0]?.get('code_verifier')?.length).toBeGreaterThan(40);
});

it.each<[string, () => void, string]>([
  ['that calls itself otherwise', () => (page = { issuer: 'http://elsewhere.example' }), 'calls itself'],
  ['that sends it elsewhere', () => (movedTo = 'http://127.0.0.1:9/'), 'fetch failed'],
])('does not sign in at an issuer %s', async (_, spoil, words) => {
  spoil();
  const child = start();
  const told = text(child.stderr);
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(await told).toContain(words);
});
