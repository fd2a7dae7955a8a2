import { expect, it } from '@jest/globals';
import { expectBooks } from './books.ts';
import { checkoutOf, completed, untilOrder, untilPayment } from './marketplace.ts';
import { send } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

it('goods that nobody makes cancel the order, which says which, and the buyer has the money back', async () => {
  const workshop = await openWorkshop({ stock: 4 });
  const checkout = checkoutOf('blanja', [
    { sku: workshop.sku, quantity: 1, unitPrice: 10_000 },
    { sku: 'moon-rock', quantity: 1, unitPrice: 1_000_000 },
  ]);

  await send(completed(checkout));
  const order = await untilOrder(checkout, 'cancelled');

  expect(order.reason).toBe('unknown-sku');
  expect(order.detail).toContain('moon-rock');
  await untilPayment(checkout, { status: 'voided', captured: 1_010_000, refunded: 1_010_000 });
  expect(await stockOf(workshop)).toBe(4);
  await expectBooks(checkout, [workshop], 0);
});
