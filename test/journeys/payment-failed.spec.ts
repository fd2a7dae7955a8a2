import { expect, it } from '@jest/globals';
import { expectBooks } from './books.ts';
import { checkoutOf, completed, gatewaySays, orderOf, untilOrder, untilPayment } from './marketplace.ts';
import { send, until } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

it.each([
  ['fail', 'failed'],
  ['expire', 'expired'],
] as const)('%s: the goods are free again, and money that comes late goes back', async (notice, status) => {
  const workshop = await openWorkshop({ stock: 6 });
  const checkout = checkoutOf('toko-sandbox', [{ sku: workshop.sku, quantity: 5, unitPrice: 20_000 }]);

  await send(completed(checkout));
  await untilPayment(checkout, { status: 'pending' });
  await until(
    () => stockOf(workshop),
    (stock) => stock === 1,
  );
  await gatewaySays(notice, checkout);

  expect((await untilOrder(checkout, 'cancelled')).reason).toBe('payment-failed');
  await until(
    () => stockOf(workshop),
    (stock) => stock === 6,
  );
  const late = await gatewaySays('capture', checkout);
  expect(late.body).toMatchObject({ status, captured: 100_000, refunded: 100_000 });
  expect((await orderOf(checkout)).status).toBe('cancelled');
  await expectBooks(checkout, [workshop], 0);
});
