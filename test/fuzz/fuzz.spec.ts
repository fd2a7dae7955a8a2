/** A small world, then anything that could be asked of it; afterwards its books are sound and it still sells. */

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from '@jest/globals';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { SERVICES } from '../../deploy/local/services.ts';
import { expectBooks } from '../journeys/books.ts';
import { checkoutOf, completed, untilOrder } from '../journeys/marketplace.ts';
import { address, fromSetup, post, request, send, until } from '../journeys/stack.ts';
import { openWorkshop } from '../journeys/workshop.ts';
import { isInstalled } from '../kit/programs.ts';
import { fuzz } from './fuzz.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const COUNT = Number(process.env.FUZZ_COUNT ?? 400);
const SCHEMATHESIS_SECONDS = 15;
const TIMEOUT_MS = 30_000 + COUNT * 200;

const by = 'drafter';
const key = randomUUID;

beforeAll(async () => {
  const { facilityId, sku, lotId, makerIds } = await openWorkshop({ stock: 1_000, unitCost: 10_000, hours: [3, 2] });
  const sold = checkoutOf('blanja', [{ sku, quantity: 2, unitPrice: 200_000 }], { fees: 10_000 });
  const awaited = checkoutOf('toko-sandbox', [{ sku, quantity: 1, unitPrice: 50_000 }]);
  await send(completed(sold), completed(awaited));
  await untilOrder(sold, 'credited');
  const { channel, orderRef } = sold;
  const settled = {
    settlementRef: 'S1',
    fee: 12_000,
    shipping: 0,
    withheldTax: 0,
    settledAt: '2026-01-12T10:00:00+07:00',
  };
  await post('payments', 'settlements', { channel, orderRef, ...settled, bank: 'bri' }, key());
  await until(
    () => request<{ available: number }>('ledger', `owners/maker:${makerIds[0]}`),
    ({ body }) => body.available > 0,
  );
  await post('orders', `orders/${channel}/${orderRef}/refunds`, { lineRef: '1', refundRef: 'R1', quantity: 1 }, key());
  await post(
    'catalogue',
    'returns',
    { channel, orderRef, lineRef: '1', lotId, quantity: 1, disposition: 'restock' },
    key(),
  );
  const payout = await post<{ payoutId: string }>(
    'ledger',
    'payouts',
    { facilityId, bank: 'bri', upTo: '2026-01-31', by },
    key(),
  );
  await post('ledger', `payouts/${payout.body.payoutId}/review`, { by: 'reviewer' }, key());
  await post('ledger', `payouts/${payout.body.payoutId}/approval`, { by: 'approver' }, key());
  await post(
    'ledger',
    'maker-events/freezes',
    { makerId: makerIds[1], because: 'death', on: '2026-01-15', reason: 'told', by },
    key(),
  );
});

it.each(SERVICES)(
  '%s refuses what is malformed with a problem that says where, and never fails',
  async (service) => {
    const { faults, statuses } = await fuzz(service, address(service), SEED, COUNT);
    console.log(service, statuses);
    expect(faults.join('\n\n')).toBe('');
  },
  TIMEOUT_MS,
);

(isInstalled('schemathesis') ? it : it.skip).each(SERVICES)(
  '%s refuses what schemathesis makes of its OpenAPI document, and never fails',
  async (service) => {
    const options = {
      phases: 'coverage,fuzzing',
      checks: 'not_a_server_error,negative_data_rejection',
      seed: SEED,
      'max-time': SCHEMATHESIS_SECONDS,
      'generation-database': 'none',
      warnings: 'off',
    };
    const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const found = await promisify(execFile)(
      'schemathesis',
      ['--no-color', 'run', `${address(service)}/docs-json`, ...flags],
      { cwd: temporaryDirectory(), maxBuffer: 2 ** 26 },
    ).then(
      () => '',
      ({ stdout }) => stdout,
    );
    expect(found).toBe('');
  },
  SCHEMATHESIS_SECONDS * 10_000,
);

it('each line of the logs is one JSON object', () => {
  const logs = fromSetup('LOGS');
  for (const file of readdirSync(logs)) {
    for (const line of readFileSync(join(logs, file), 'utf8').trimEnd().split('\n')) {
      expect(() => JSON.parse(line)).not.toThrow();
    }
  }
});

it('the books are sound', async () => {
  const lines = (await (await fetch(`${address('ledger')}/v1/audit/verify`)).text()).trimEnd().split('\n');
  expect(lines.filter((line) => line.startsWith('{"fault"'))).toEqual([]);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ result: { sound: true } });
});

it('a good sale is credited as before', async () => {
  const workshop = await openWorkshop({ stock: 1 });
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 100_000 }]);
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  await expectBooks(checkout, [workshop], 100_000);
});
