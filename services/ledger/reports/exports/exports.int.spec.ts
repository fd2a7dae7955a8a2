import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { isInstalled } from '../../../../test/kit/programs.ts';
import { accountCodeOf } from './beancount.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.close());

const bookOf = async (format: string) => (await ledger.fetch(`exports/${format}`)).text();

/** What bean-check says of a file. */
function beanCheck(text: string) {
  const directory = mkdtempSync(join(tmpdir(), 'pasindo-'));
  try {
    const file = join(directory, 'pasindo.beancount');
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync('bean-check', [file], { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('the export for beancount', () => {
  it('has no journals before the first sale', async () => {
    expect(await bookOf('beancount')).toContain('option "operating_currency" "IDR"');
  });

  it('names every account so that its code is found again, with its balance', async () => {
    const makers = ['M1', 'a.b_c-u20-d'].map((makerId) => ({ makerId, weight: '1' }));
    const portions = [{ lotId: 'L1', quantity: 1, unitCost: 1_000, measure: 'equal' as const, contributions: makers }];
    const lines = [{ unitPrice: 100_001, fees: 500, tax: 100, portions }];
    await ledger.sell({ orderRef: '"odd" \\ ;ref', lines });
    await ledger.sell({ orderRef: 'free', lines: [{ unitPrice: 0 }] });
    await ledger.sell({
      orderRef: 'elsewhere',
      facilityId: 'lapas_kelas.2a',
      placedAt: '2026-02-28T17:00:00Z',
      lines,
    });
    await ledger.refund({ orderRef: '"odd" \\ ;ref', amount: 33_333 });

    const { items } = await ledger.get('accounts?limit=1000');
    const checks = [...(await bookOf('beancount')).matchAll(/^2026-03-02 balance (\S+) {2}(-?\d+) IDR$/gm)];
    expect(checks.map(([, name = '', balance]) => [accountCodeOf(name), Number(balance)])).toEqual(
      items.map(({ code, balance }: { code: string; balance: number }) => [code, balance]),
    );
  });

  (isInstalled('bean-check') ? it : it.skip)('is read by bean-check, which comes to the same balances', async () => {
    const text = await bookOf('beancount');
    expect(beanCheck(text)).toEqual({ status: 0, said: '' });
    const wrong = text.replace(
      /(Maker-M1:Wages-pending {2})(-\d+)/,
      (_, name, amount) => `${name}${Number(amount) + 1}`,
    );
    expect(beanCheck(wrong)).toMatchObject({ status: 1 });
  });
});
