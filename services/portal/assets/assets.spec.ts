import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { assets, PAGES } from './assets.middleware.ts';

const directory = mkdtempSync(join(tmpdir(), 'pages-'));
let server: Server;
let address: string;

async function serve(pages: string): Promise<void> {
  const app = express();
  app.use(assets(pages));
  app.use((_, response) => void response.status(418).end());
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function get(path: string, init?: RequestInit) {
  const response = await fetch(address + path, init);
  const { status, headers } = response;
  return {
    status,
    cache: headers.get('cache-control'),
    policy: headers.get('content-security-policy'),
    text: await response.text(),
  };
}

describe('pages', () => {
  beforeAll(async () => {
    mkdirSync(join(directory, 'assets'));
    writeFileSync(join(directory, 'index.html'), '<meta property="csp-nonce" nonce="__NONCE__"><div id="root">');
    writeFileSync(join(directory, 'assets', 'index-abc123.js'), 'export {}');
    writeFileSync(join(directory, 'icon.svg'), '<svg/>');
    await serve(directory);
  });
  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  it.each(['/', '/index.html', '/payouts/1?facility=F1', '/agreements/ID-1990/2/edit', '/sales/blanja/a%2Fb'])(
    'at %s begin with a nonce of their own, and are kept by nobody',
    async (path) => {
      const [one, other] = [await get(path), await get(path)];
      expect([one.status, one.cache]).toEqual([200, 'no-store']);
      const [, nonce = ''] = /nonce="([\w+/=]{24})"/.exec(one.text) ?? [];
      expect(one.policy).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
          `connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      );
      expect(one.text).not.toContain('__NONCE__');
      expect(other.text).not.toContain(nonce);
    },
  );

  it('name files that browsers keep for ever, as their name says what is in them', async () => {
    expect(await get('/assets/index-abc123.js')).toMatchObject({
      ...{ status: 200, cache: 'public, max-age=31536000, immutable', text: 'export {}' },
    });
    expect(await get('/icon.svg')).toMatchObject({ status: 200, cache: 'no-cache' });
  });

  it('are no answer to who asks for a file that is gone', async () => {
    expect(await get('/assets/index-old.js')).toMatchObject({ status: 404, text: 'Not found' });
  });

  it.each([
    ['GET', '/api/session'],
    ['GET', '/api'],
    ['GET', '/auth/login'],
    ['GET', '/health/live'],
    ['GET', '/API/x'],
    ['POST', '/payouts'],
  ])('leave %s %s to its route', async (method, path) => {
    expect((await get(path, { method })).status).toBe(418);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json', '/.env'])(
    'are all that %s can reach',
    async (path) => {
      expect((await get(path)).text).not.toContain('pasindo"');
    },
  );
});

describe('where nobody has built them', () => {
  beforeAll(() => serve(join(directory, 'nowhere')));
  afterAll(() => void server.close());

  it('it is said', async () => {
    expect(await get('/payouts')).toMatchObject({
      status: 200,
      cache: 'no-store',
      text: expect.stringContaining('belum dibangun'),
    });
  });
});

it('they are looked for beside the sources', () => {
  expect(PAGES).toBe(join(process.cwd(), 'services/portal/web/dist'));
});
