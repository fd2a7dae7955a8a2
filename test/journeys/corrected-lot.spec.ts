import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { tokenOf } from '../kit/issuer.ts';
import { expectBooks, journalsOf, movementsOf } from './books.ts';
import { checkoutOf, completed, untilOrder } from './marketplace.ts';
import { request, send } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

it('a corrected lot counts for what sells afterwards, and the books say which version each sale was of', async () => {
  const workshop = await openWorkshop({ stock: 10, unitCost: 20_000, hours: [1, 1] });
  const { facilityId, sku, lotId, makerIds } = workshop;
  const [first, second] = makerIds;
  const sell = async () => {
    const checkout = checkoutOf('blanja', [{ sku, quantity: 1, unitPrice: 100_000 }]);
    await send(completed(checkout));
    await untilOrder(checkout, 'credited');
    return checkout;
  };
  const booked = async (checkout: Awaited<ReturnType<typeof sell>>) => {
    const journals = await journalsOf(checkout, workshop);
    const portions = journals.flatMap(({ source }) => source.lines?.flatMap((line) => line.portions) ?? []);
    return [movementsOf(journals), portions.map(({ version }) => version)];
  };
  const before = await sell();
  const correction = {
    ...{ version: 1, quantity: 8, unitCost: 30_000, madeOn: '2026-01-02', measure: 'hours', reason: 'salah catat' },
    contributions: [{ makerId: first, value: '1' }],
  };
  const officer = await tokenOf({ person: 'p-1', grants: [`officer@facility:${facilityId}`] });
  const { status } = await request('catalogue', `lots/${encodeURIComponent(lotId)}/versions`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${officer}`, 'idempotency-key': randomUUID() },
      'content-type': 'application/json',
    },
    body: JSON.stringify(correction),
  });
  expect(status).toBe(201);
  const after = await sell();

  const common = { [`channel:blanja:receivable@${facilityId}`]: 100_000 };
  expect(await booked(before)).toEqual([
    {
      ...common,
      [`facility:${facilityId}:cost-recovery`]: -20_000,
      [`facility:${facilityId}:earnings-pending`]: -28_000,
      [`state:pnbp@${facilityId}`]: -12_000,
      [`maker:${first}:wages-pending`]: -20_000,
      [`maker:${second}:wages-pending`]: -20_000,
    },
    [undefined],
  ]);
  expect(await booked(after)).toEqual([
    {
      ...common,
      [`facility:${facilityId}:cost-recovery`]: -30_000,
      [`facility:${facilityId}:earnings-pending`]: -24_500,
      [`state:pnbp@${facilityId}`]: -10_500,
      [`maker:${first}:wages-pending`]: -35_000,
    },
    [2],
  ]);
  await expectBooks(before, [workshop], 100_000);
  await expectBooks(after, [workshop], 100_000);
  expect(await stockOf(workshop)).toBe(6);
});
