import { expect, it } from '@jest/globals';
import { expectBooks } from './books.ts';
import { checkoutOf, completed, gatewaySays, orderOf, untilOrder, untilPayment } from './marketplace.ts';
import { send, until } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

// In this stack goods wait 12 seconds for their money (RESERVATION_MINUTES of the catalogue).
it('goods that nobody pays for in time are free again, and money that comes late goes back', async () => {
  const workshop = await openWorkshop({ stock: 3 });
  const checkout = checkoutOf('toko-sandbox', [{ sku: workshop.sku, quantity: 3, unitPrice: 15_000 }]);

  await send(completed(checkout));
  await until(
    () => stockOf(workshop),
    (stock) => stock === 0,
  );
  expect((await untilOrder(checkout, 'cancelled')).reason).toBe('reservation-expired');
  await untilPayment(checkout, { status: 'voided', captured: 0, refunded: 0 });
  await until(
    () => stockOf(workshop),
    (stock) => stock === 3,
  );

  const late = await gatewaySays('capture', checkout);
  expect(late.body).toMatchObject({ status: 'voided', captured: 45_000, refunded: 45_000 });
  expect((await orderOf(checkout)).status).toBe('cancelled');
  await expectBooks(checkout, [workshop], 0);
});
