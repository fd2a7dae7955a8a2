import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { expectBooks } from './books.ts';
import { checkoutOf, completed, idOf, orderOf, untilOrder, untilPayment } from './marketplace.ts';
import { post, read, send, until } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

interface Listed {
  readonly items: readonly { readonly reference: string; readonly amount: number; readonly detail: string }[];
}

it('goods that nobody knows are paid, held in the books and settled; once they are recorded, they are an ordinary sale', async () => {
  const workshop = await openWorkshop({ stock: 4 });
  const sku = `${workshop.facilityId}-rock`;
  const checkout = checkoutOf('blanja', [
    { sku: workshop.sku, quantity: 1, unitPrice: 10_000 },
    { sku, quantity: 1, unitPrice: 1_000_000 },
  ]);

  await send(completed(checkout));
  const order = await until(
    () => orderOf(checkout).catch(() => undefined),
    (found) => found?.reason === 'unknown-sku',
  );
  expect(order).toMatchObject({ status: 'placed', detail: expect.stringContaining(sku) });
  await untilPayment(checkout, { status: 'captured', captured: 1_010_000, refunded: 0 });
  expect(await stockOf(workshop)).toBe(4);
  const waiting = async () =>
    (await read<Listed>('ledger', 'exceptions?kind=awaiting-goods&limit=1000')).items.find(
      ({ reference }) => reference === idOf(checkout),
    );
  expect(await until(waiting, (found) => found !== undefined)).toMatchObject({
    amount: 1_010_000,
    detail: expect.stringContaining(sku),
  });
  const { channel, orderRef } = checkout;
  const report = { channel, orderRef, settlementRef: 'S1', fee: 10_000, shipping: 0, withheldTax: 0, bank: 'bri' };
  const all = { paidOut: 1_000_000, revenue: 1_010_000, settles: 'all', settledAt: '2026-01-12T10:00:00+07:00' };
  expect((await post('payments', 'settlements', { ...report, ...all }, randomUUID())).status).toBe(202);
  await until(
    () => orderOf(checkout) as Promise<unknown> as Promise<{ settlements: { status: string }[] }>,
    ({ settlements }) => settlements[0]?.status === 'held',
  );

  const [productColumns, lotColumns] = [
    'sku,facility_id,category,title_id,title_en,price',
    'lot_id,sku,facility_id,quantity,unit_cost,made_on',
  ];
  const files = {
    'products.csv': `${productColumns}\n${sku},${workshop.facilityId},craft,Batu,Rock,1000000`,
    'lots.csv': `${lotColumns}\n${sku}-1,${sku},${workshop.facilityId},1,0,2026-01-02`,
  };
  expect((await post('catalogue', 'imports', { files, dryRun: false })).status).toBe(200);
  expect(await untilOrder(checkout, 'credited')).toMatchObject({ settlements: [{ status: 'settled' }] });
  expect(await stockOf(workshop)).toBe(3);
  await until(waiting, (found) => found === undefined);
  await expectBooks(checkout, [workshop], 1_010_000);
});
