import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildIfStale } from './build.ts';
import { freePort } from './ports.ts';
import { forEachOf, PROGRAMS } from './services.ts';

/** A checkout of our own, whose files we may change. */
const checkout = mkdtempSync(join(tmpdir(), 'watch-'));
const payments = join(checkout, 'services/payments/main.ts');
let dev: ChildProcess;
let said = '';

beforeAll(async () => {
  await buildIfStale(console.log);
  for (const part of [
    'libs',
    'services',
    'deploy',
    'dist',
    'package.json',
    'package-lock.json',
    'nest-cli.json',
    'tsconfig.json',
    '.swcrc',
  ]) {
    cpSync(part, join(checkout, part), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(checkout, 'node_modules'));
  const ports = await Promise.all(
    PROGRAMS.map(async (service) => [`${service.toUpperCase()}_PORT`, `${await freePort()}`]),
  );
  dev = spawn(process.execPath, ['--conditions=source', 'deploy/local/start.ts', '--watch'], {
    cwd: checkout,
    env: { ...onlyOwnServers(process.env), ...Object.fromEntries(ports), IDENTITY_PORT: `${await freePort()}` },
  });
  for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (text) => (said += text));
  await untilSaid('starts again when one of its files');
}, 180_000);
afterAll(async () => {
  if (dev.exitCode === null) {
    dev.kill('SIGTERM');
    await new Promise((resolve) => dev.once('exit', resolve));
  }
  rmSync(checkout, { recursive: true });
});

/** As on a computer where nothing is set: it starts its own PostgreSQL, Kafka and issuer. */
function onlyOwnServers(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOfTests = (name: string) => /^(KAFKA|OIDC|DATABASE|PERSONAL|SEALING|LEDGER|PASINDO|TEST)_/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOfTests(name)));
}

it('shows a sale and how it was shared, and months before it with decisions to take', () => {
  expect(said).toContain('The demo checkout blanja/DEMO-1 came over Kafka. Its Rp 1.140.000 were shared so:');
  expect(said).toMatch(/Maker M-MJK-01 .* Rp 115\.310 /);
  expect(said).toContain('The demo looks back on 4 months: 120 orders of the channel pasar.');
});

it('a service whose file is saved starts again as it is written now, and no other; what does not compile waits for its mending', async () => {
  const before = pids();
  const source = readFileSync(payments, 'utf8');

  writeFileSync(payments, `${source}this is no program`);
  await untilSaid('Expected');
  expect(pids()).toEqual(before);

  writeFileSync(payments, `${source}console.log('as it is written now');\n`);
  await untilSaid('payments started again in');
  expect(readFileSync(join(checkout, '.pasindo/logs/payments.log'), 'utf8')).toContain('as it is written now');
  const after = pids();
  expect({ ...after, payments: 0 }).toEqual({ ...before, payments: 0 });
  expect(after.payments).not.toBe(before.payments);

  appendFileSync(join(checkout, 'libs/money/index.ts'), '\n');
  await untilSaid('catalogue, orders, payments, ledger, portal started again in');
});

function pids(): Record<string, number> {
  return forEachOf(PROGRAMS, (service) => Number(readFileSync(join(checkout, `.pasindo/${service}.pid`), 'utf8')));
}

async function untilSaid(words: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!said.includes(words)) {
    if (dev.exitCode !== null || Date.now() > deadline) throw new Error(`not said: ${words}\n${said}`);
    await sleep(20);
  }
}
