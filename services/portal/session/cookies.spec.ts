import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import express from 'express';
import { Cookies } from './cookies.service.ts';
import { Origin } from './origin.ts';

beforeAll(() => {
  process.env.SEALING_KEYS = `1:${Buffer.alloc(32, 9).toString('base64')}`;
});
afterAll(() => {
  delete process.env.SEALING_KEYS;
});

const PENDING = { state: 's', nonce: 'n', verifier: 'v', to: '/payouts' };

/** What a browser is told to keep, and what is understood of what it sends. */
async function through(cookies: Cookies, cookie = '') {
  const app = express();
  let pending: unknown;
  app.get('/', (request, response) => {
    pending = cookies.takePending(request, response);
    cookies.setSession(response, 'id');
    cookies.setPending(response, PENDING);
    response.end();
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } });
  server.close();
  return { set: response.headers.getSetCookie(), pending };
}

it.each([
  ['https://portal.example', '__Host-pasindo', '; Secure'],
  ['http://127.0.0.1:3000', 'pasindo', ''],
])('of %s are %s, for no script, no other site and no other host%s', async (origin, name, secure) => {
  const { set } = await through(new Cookies(new Origin(origin)));
  const session = set.find((cookie) => cookie.startsWith(`${name}=`));
  expect(session).toBe(`${name}=id; Path=/; HttpOnly${secure}; SameSite=Lax`);
  const pending = set.find((cookie) => cookie.startsWith(`${name}-sign-in=`)) ?? '';
  expect(pending).toContain(`; Path=/; Expires=`);
  expect(pending).toMatch(new RegExp(`; HttpOnly${secure}; SameSite=Lax$`));
});

it('hide what somebody went to sign in with, and believe nothing that was changed', async () => {
  const cookies = new Cookies(new Origin('http://localhost:3000'));
  const [, sealed = ''] = /pasindo-sign-in=([^;]+)/.exec((await through(cookies)).set.join(' ')) ?? [];
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('payouts');
  expect((await through(cookies, `a=b; pasindo-sign-in=${sealed}`)).pending).toEqual(PENDING);
  const changed = Buffer.from(sealed, 'base64url');
  changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
  expect((await through(cookies, `pasindo-sign-in=${changed.toString('base64url')}`)).pending).toBeUndefined();
  expect((await through(cookies, 'pasindo-sign-in=')).pending).toBeUndefined();
});

it.each(['http://portal.example', 'http://0.0.0.0:3000', 'portal'])('%s is no address to keep cookies of', (origin) => {
  expect(() => new Origin(origin)).toThrow();
});
