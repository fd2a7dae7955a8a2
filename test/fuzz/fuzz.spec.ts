/** A small world, then anything that could be asked of it; afterwards its books are sound and it still sells. */

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from '@jest/globals';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { SERVICES } from '../../deploy/local/services.ts';
import { expectBooks } from '../journeys/books.ts';
import { checkoutOf, completed, untilOrder } from '../journeys/marketplace.ts';
import { address, fromSetup, post, read, send, until } from '../journeys/stack.ts';
import { openWorkshop } from '../journeys/workshop.ts';
import { tokenOf } from '../kit/issuer.ts';
import { isInstalled } from '../kit/programs.ts';
import { DOER } from '../kit/sign-in.ts';
import { fuzz } from './fuzz.ts';
import { type Example, seedWorld } from './seed.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const COUNT = Number(process.env.FUZZ_COUNT ?? 400);
/** Of all operations: else nothing behind the doors is reached. */
const NEVER_TAKEN_MAX = 0.4;
const SCHEMATHESIS_SECONDS = 10;
const TIMEOUT_MS = 30_000 + COUNT * 200;

let examples: readonly Example[];
beforeAll(async () => {
  examples = await seedWorld();
});

it.each(SERVICES)(
  '%s refuses what is malformed with a problem that says where, and never fails',
  async (service) => {
    const { faults, statuses, neverTaken, operations } = await fuzz(
      address(service),
      examples.filter((example) => example.service === service),
      SEED,
      COUNT,
    );
    console.log(`${service}: ${JSON.stringify(statuses)}, never taken: ${neverTaken.join(', ')}`);
    expect(faults.join('\n\n')).toBe('');
    expect(neverTaken.length).toBeLessThan(operations * NEVER_TAKEN_MAX);
  },
  TIMEOUT_MS,
);

const SCHEMATHESIS_SETTINGS = fileURLToPath(new URL('schemathesis.toml', import.meta.url));

/** Whoever may write something, and who may not. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  doer: DOER,
  approver: ['approver@national'],
  maker: ['maker@maker:M1'],
  ...(process.env.FUZZ_ROLES === 'all' && {
    auditor: ['auditor@national'],
    marketplace: ['marketplace@channel:blanja'],
    officer: ['officer@facility:F1'],
    privacy: ['privacy@national'],
    overseer: ['overseer@region:Bali'],
  }),
};
const WRITERS = ['doer', 'approver', 'marketplace', 'officer'];
const asked = Object.keys(ROLES).flatMap((role) => SERVICES.map((service) => [service, role] as const));

(isInstalled('schemathesis') ? it : it.skip).each(asked)(
  '%s refuses what schemathesis makes of its OpenAPI document for a token of %s, and never fails',
  async (service, role) => {
    const options = {
      phases: 'coverage,fuzzing',
      checks: 'not_a_server_error,ignored_auth,negative_data_rejection',
      seed: SEED,
      'max-time': SCHEMATHESIS_SECONDS,
      'generation-database': 'none',
      warnings: 'off',
    };
    const books = () => read('ledger', 'audit/checkpoint');
    const before = await books();
    const isProgram = role === 'marketplace';
    const token = await tokenOf({ ...(!isProgram && { person: `fuzz-${role}` }), grants: ROLES[role] ?? [] });
    const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const found = await promisify(execFile)(
      'schemathesis',
      [
        ...['--no-color', '--config-file', SCHEMATHESIS_SETTINGS, 'run', `${address(service)}/docs-json`],
        ...['--header', `Authorization: Bearer ${token}`, ...flags],
      ],
      { cwd: temporaryDirectory(), maxBuffer: 2 ** 26 },
    ).then(
      () => '',
      ({ stdout }) => stdout,
    );
    expect(found).toBe('');
    if (!WRITERS.includes(role)) expect(headsOf(await books())).toEqual(headsOf(before));
  },
  SCHEMATHESIS_SECONDS * 10_000,
);

function headsOf(checkpoint: unknown): unknown {
  return (checkpoint as { heads: unknown }).heads;
}

it('each line of the logs is one JSON object', () => {
  const logs = fromSetup('LOGS');
  for (const file of readdirSync(logs)) {
    for (const line of readFileSync(join(logs, file), 'utf8').trimEnd().split('\n')) {
      expect(() => JSON.parse(line)).not.toThrow();
    }
  }
});

it('the books are sound', async () => {
  type Run = { verificationId: string; status: string };
  const { body } = await until(
    () => post<Run>('ledger', 'verifications'),
    ({ status }) => status === 202,
  );
  const ended = await until(
    () => read<Run>('ledger', `verifications/${body.verificationId}`),
    ({ status }) => status !== 'running',
  );
  expect(ended).toMatchObject({ status: 'sound', report: { faults: [] } });
});

it('a good sale is credited as before', async () => {
  const workshop = await openWorkshop({ stock: 1 });
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 100_000 }]);
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  await expectBooks(checkout, [workshop], 100_000);
});
