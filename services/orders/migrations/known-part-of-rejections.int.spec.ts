import { expect, it } from '@jest/globals';
import { Database } from '#libs/database';
import { createDatabase } from '../../../test/kit/database.ts';
import { ordersMigrations } from './index.ts';

it('rejections from before keep what the contracts know, as long as these allow', async () => {
  const testDatabase = await createDatabase();
  const before = await Database.open(testDatabase.url, ordersMigrations.slice(0, 1));
  const line = { lineRef: '1', sku: `${'x'.repeat(100)}Budi`, quantity: 'Budi', unitPrice: '1.250', tax: 7 };
  const content = { channel: 'blanja', orderRef: { sku: 'Budi' }, buyer: 'Budi', lines: [line, 'Budi'], fees: 9 };
  await before.query(
    `INSERT INTO rejected_checkout (rejection_id, order_id, type, reason, detail, content)
     SELECT gen_random_uuid(), 'o', 'checkout', 'invalid', '-', $1 FROM generate_series(1, 2500)`,
    [JSON.stringify(content)],
  );
  await before.onApplicationShutdown();
  const after = await Database.open(testDatabase.url, ordersMigrations);
  expect(await after.query('SELECT content::text, count(*) AS rows FROM rejected_checkout GROUP BY 1')).toEqual([
    {
      rows: 2_500,
      content: JSON.stringify({
        channel: 'blanja',
        lines: [{ lineRef: '1', sku: 'x'.repeat(100), unitPrice: '1.250', tax: 7 }, {}],
        fees: 9,
      }),
    },
  ]);
  await after.onApplicationShutdown();
  await testDatabase.drop();
});
