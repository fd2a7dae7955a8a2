import { expect, it } from '@jest/globals';
import { expectBooks } from './books.ts';
import { checkoutOf, completed, untilOrder, untilPayment } from './marketplace.ts';
import { request, send, until } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

it('an order of our own shop that cannot be served whole holds nothing, and the buyer pays nothing', async () => {
  const plenty = await openWorkshop({ stock: 10 });
  const scarce = await openWorkshop({ stock: 1 });
  const checkout = checkoutOf('toko-sandbox', [
    { sku: plenty.sku, quantity: 4, unitPrice: 10_000 },
    { sku: scarce.sku, quantity: 2, unitPrice: 25_000 },
  ]);

  await send(completed(checkout));
  const order = await untilOrder(checkout, 'cancelled');

  expect(order.reason).toBe('out-of-stock');
  expect(order.detail).toContain(scarce.sku);
  await untilPayment(checkout, { status: 'voided', captured: 0, refunded: 0 });
  expect([await stockOf(plenty), await stockOf(scarce)]).toEqual([10, 1]);
  await expectBooks(checkout, [plenty, scarce], 0);
});

it('of many orders for the last pieces just as many are credited as there are pieces, and the others wait', async () => {
  const workshop = await openWorkshop({ stock: 3 });
  const checkouts = Array.from({ length: 8 }, () =>
    checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 10_000 }]),
  );

  await send(...checkouts.map(completed));
  const statuses = await Promise.all(
    checkouts.map(async (checkout) => {
      const { body } = await until(
        () => request<{ status: string; reason?: string }>('orders', `orders/${checkout.channel}/${checkout.orderRef}`),
        ({ body: { status, reason } }) => status === 'credited' || reason === 'out-of-stock',
      );
      return body.status;
    }),
  );

  expect(statuses.filter((status) => status === 'credited')).toHaveLength(3);
  expect(await stockOf(workshop)).toBe(0);
  for (const [index, checkout] of checkouts.entries()) {
    await expectBooks(checkout, [workshop], statuses[index] === 'credited' ? 10_000 : 0);
  }
});
