import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { embeddedPostgres } from '../../deploy/local/embedded.ts';
import type { Postgres } from '../../deploy/local/postgres.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { certificateFor } from '../../test/kit/certificate.ts';
import { Database } from './database.ts';

const directory = temporaryDirectory();
const certificate = certificateFor('localhost');
const authorities = join(directory, 'authorities.pem');
const others = join(directory, 'others.pem');
let server: Postgres;
let admin: pg.Client;

beforeAll(async () => {
  server = await embeddedPostgres({ directory, log: () => {} });
  writeFileSync(authorities, certificate.cert);
  writeFileSync(others, certificateFor('localhost').cert);
  admin = new pg.Client(server.url);
  await admin.connect();
  // By the server itself, beside its data: what it may read is not ours to say.
  for (const [file, text] of Object.entries({ 'server.crt': certificate.cert, 'server.key': certificate.key })) {
    const line = text
      .trimEnd()
      .split('\n')
      .map((part) => `SELECT '${part}'`);
    await admin.query(`COPY (${line.join(' UNION ALL ')}) TO PROGRAM 'umask 077; cat > ${file}'`);
  }
  await admin.query('ALTER SYSTEM SET ssl = on');
  await admin.query('SELECT pg_reload_conf()');
});
afterAll(async () => {
  await admin.end();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Whether a connection is encrypted; or why there is none. */
async function way(host: string, query: Record<string, string>): Promise<string> {
  const url = new URL(server.url);
  url.hostname = host;
  url.search = `${new URLSearchParams(query)}`;
  try {
    const database = await Database.open(url.href, []);
    const [session] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const { rows } = await admin.query('SELECT version FROM pg_stat_ssl WHERE pid = $1', [session?.pid]);
    await database.onApplicationShutdown();
    return rows[0].version ?? 'plain text';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  }
}

describe('the certificate of a database', () => {
  it('by an authority that is named, for the name that is asked, is taken', async () => {
    expect(await way('localhost', { sslmode: 'verify-full', sslrootcert: authorities })).toBe('TLSv1.3');
  });

  it('by another authority is refused', async () => {
    expect(await way('localhost', { sslmode: 'verify-full', sslrootcert: others })).toMatch(/SELF_SIGNED|UNABLE_TO/);
  });

  it('by an authority that nobody named is refused', async () => {
    expect(await way('localhost', { sslmode: 'verify-full' })).toMatch(/SELF_SIGNED|UNABLE_TO/);
  });

  it('for another name is refused', async () => {
    expect(await way('127.0.0.1', { sslmode: 'verify-full', sslrootcert: authorities })).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
  });

  it('is not asked for where plain text is wanted', async () => {
    expect(await way('localhost', {})).toBe('plain text');
  });
});
