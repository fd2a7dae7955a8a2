import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildIfStale } from './build.ts';
import { freePort } from './ports.ts';
import { forEachService, SERVICES } from './services.ts';

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
    SERVICES.map(async (service) => [`${service.toUpperCase()}_PORT`, `${await freePort()}`]),
  );
  dev = spawn(process.execPath, ['--conditions=source', 'deploy/local/start.ts', '--watch'], {
    cwd: checkout,
    env: {
      ...process.env,
      ...Object.fromEntries(ports),
      DATABASE_URL: process.env.TEST_DATABASE_URL,
    },
  });
  for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (text) => (said += text));
  await untilSaid('starts again when one of its files');
});
afterAll(async () => {
  if (dev.exitCode === null) {
    dev.kill('SIGTERM');
    await new Promise((resolve) => dev.once('exit', resolve));
  }
  rmSync(checkout, { recursive: true });
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
  await untilSaid('catalogue, orders, payments, ledger started again in');
});

function pids(): Record<string, number> {
  return forEachService((service) => Number(readFileSync(join(checkout, `.pasindo/${service}.pid`), 'utf8')));
}

async function untilSaid(words: string): Promise<void> {
  const deadline = Date.now() + 50_000;
  while (!said.includes(words)) {
    if (dev.exitCode !== null || Date.now() > deadline) throw new Error(`not said: ${words}\n${said}`);
    await sleep(20);
  }
}
