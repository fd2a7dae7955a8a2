import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { register } from 'prom-client';
import { type Certificate, certificateFor } from '../../test/kit/certificate.ts';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { makeTopics } from '../../test/kit/service.ts';
import { edgesOf } from './edges.ts';
import { createService } from './start-service.ts';

@Module({})
class NothingModule {}

const directory = mkdtempSync(join(tmpdir(), 'tls-'));
let testDatabase: TestDatabase;
const running: INestApplication[] = [];

beforeAll(async () => {
  testDatabase = await createDatabase();
  process.env.DATABASE_URL = testDatabase.url;
});
afterAll(async () => {
  for (const app of running) await app.close();
  await testDatabase.drop();
  rmSync(directory, { recursive: true });
});

/** A service behind these edges, at any free port. */
async function startBehind(environment: NodeJS.ProcessEnv): Promise<number> {
  register.clear(); // a process has one service
  const name = `tls-${randomUUID()}`;
  await makeTopics(name);
  const app = await createService({ name, module: NothingModule, policy: {}, migrations: [] }, edgesOf(0, environment));
  running.push(app);
  await app.listen(0, '127.0.0.1');
  return Number(new URL(await app.getUrl()).port);
}

const YEAR = 'max-age=31536000; includeSubDomains';
type Ask = typeof request;

/** Of `/health/live`. */
async function hsts(ask: Ask, options: RequestOptions & { ca?: string }): Promise<string | undefined> {
  const asked = ask({ host: '127.0.0.1', path: '/health/live', agent: false, ...options }).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  expect(answer.statusCode).toBe(200);
  return answer.headers['strict-transport-security'];
}

describe('a service with a certificate', () => {
  let certificate: Certificate;
  let port: number;
  beforeAll(async () => {
    certificate = certificateFor('127.0.0.1');
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    writeFileSync(cert, certificate.cert);
    writeFileSync(key, certificate.key);
    port = await startBehind({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
  });

  it('speaks TLS, and says that it will for a year', async () => {
    expect(await hsts(request, { port, ca: certificate.cert })).toBe(YEAR);
  });

  it('speaks nothing else at its port', async () => {
    await expect(hsts(requestPlain as Ask, { port })).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  it.each<[SecureVersion, string]>([
    ['TLSv1', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    ['TLSv1.1', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ])('spoken to by %s: %s', async (version, told) => {
    // The client itself would speak the old ones.
    const old = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: version, maxVersion: version };
    const socket = connect({ host: '127.0.0.1', port, ca: certificate.cert, ...old });
    const spoken = await once(socket, 'secureConnect').then(
      () => socket.getProtocol(),
      ({ code }) => code,
    );
    socket.destroy();
    expect(spoken).toBe(told);
  });
});

describe('a service behind a proxy', () => {
  const forwarded = { headers: { 'x-forwarded-proto': 'https' } };

  it('believes the one that is named that a request came encrypted', async () => {
    const port = await startBehind({ TRUST_PROXY: '127.0.0.1' });
    expect(await hsts(requestPlain as Ask, { port, ...forwarded })).toBe(YEAR);
    expect(await hsts(requestPlain as Ask, { port })).toBeUndefined();
  });

  it('that is another, or not named, believes nobody', async () => {
    for (const environment of [{ TRUST_PROXY: '10.0.0.1' }, {}]) {
      const port = await startBehind(environment);
      expect(await hsts(requestPlain as Ask, { port, ...forwarded })).toBeUndefined();
    }
  });
});
