import { expect, it } from '@jest/globals';
import type { Checkout } from '#libs/contracts';
import { expectBooks, journalsOf, movementsOf } from './books.ts';
import {
  checkoutOf,
  completed,
  gatewaySays,
  type Order,
  orderOf,
  pathOf,
  refunded,
  untilOrder,
  untilPayment,
} from './marketplace.ts';
import { post, send, until } from './stack.ts';
import { openWorkshop, stockOf, type Workshop } from './workshop.ts';

const untilRefund = async (
  checkout: Checkout,
  refundRef: string,
  status: string,
): Promise<Order['refunds'][number]> => {
  const { refunds } = await until(
    () => orderOf(checkout),
    (order) => order.refunds.some((refund) => refund.refundRef === refundRef && refund.status === status),
  );
  return refunds.find((refund) => refund.refundRef === refundRef) as Order['refunds'][number];
};

/** Σ of everything this facility and its makers have from the order, by account, without what is zero. */
const left = async (checkout: Checkout, workshop: Workshop): Promise<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(movementsOf(await journalsOf(checkout, workshop))).filter(([, amount]) => amount !== 0),
  );

it('a partial refund takes each payee’s part back, the rest of the refunds leave nothing behind', async () => {
  const workshop = await openWorkshop({ stock: 3, unitCost: 6_667, hours: [5, 4, 3] });
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 3, unitPrice: 33_334, discount: 1 }], {
    fees: 5_003,
  });
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  const sale = await left(checkout, workshop);

  await send(refunded(checkout, '1', 'r1', 1));
  expect(await untilRefund(checkout, 'r1', 'posted')).toMatchObject({ amount: 33_333 });
  expect((await orderOf(checkout)).status).toBe('credited');
  await untilPayment(checkout, { captured: 100_001, refunded: 33_333 });
  await expectBooks(checkout, [workshop], 66_668);
  for (const [account, amount] of Object.entries(await left(checkout, workshop))) {
    const exact = ((sale[account] ?? 0) * 66_668) / 100_001;
    expect(Math.abs(amount - exact)).toBeLessThan(1);
  }

  await send(refunded(checkout, '1', 'r2', 1), refunded(checkout, '1', 'r3', 1));
  await untilOrder(checkout, 'refunded');
  await untilPayment(checkout, { captured: 100_001, refunded: 100_001 });
  expect(await left(checkout, workshop)).toEqual({});
  await expectBooks(checkout, [workshop], 0);

  expect(await stockOf(workshop)).toBe(0); // money went back; goods come back when the facility records them
  const { channel, orderRef } = checkout;
  const goods = { channel, orderRef, lineRef: '1', lotId: workshop.lotId, quantity: 2, disposition: 'restock' };
  const at = workshop.facilityId;
  expect(await post('catalogue', 'returns', { ...goods, at }, `${orderRef}-return`)).toMatchObject({ status: 201 });
  expect(await stockOf(workshop)).toBe(2);
});

it('more than was sold is never given back', async () => {
  const workshop = await openWorkshop({ stock: 2 });
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 2, unitPrice: 10_000 }]);
  await send(completed(checkout), refunded(checkout, '1', 'r1', 1), refunded(checkout, '1', 'r2', 2));
  await untilOrder(checkout, 'credited');
  await untilRefund(checkout, 'r1', 'posted');
  expect(await untilRefund(checkout, 'r2', 'rejected')).toMatchObject({ reason: 'refund-exceeds-sale' });
  await untilPayment(checkout, { refunded: 10_000 });
  await expectBooks(checkout, [workshop], 10_000);
});

it('a refund asked for by HTTP waits for the gateway before the books change', async () => {
  const workshop = await openWorkshop({ stock: 1 });
  const checkout = checkoutOf('toko-sandbox', [{ sku: workshop.sku, quantity: 1, unitPrice: 40_000 }]);
  await send(completed(checkout));
  await untilPayment(checkout, { status: 'pending' });
  await gatewaySays('capture', checkout);
  await untilOrder(checkout, 'credited');

  const refund = { refundRef: 'r1', lineRef: '1', quantity: 1 };
  const { status } = await post('orders', `orders/${pathOf(checkout)}/refunds`, refund, `${checkout.orderRef}-r1`);
  expect(status).toBe(202);
  await untilRefund(checkout, 'r1', 'requested');
  await until(
    () => gatewaySays('refund', checkout),
    (answer) => answer.status === 200,
  );
  await untilOrder(checkout, 'refunded');
  await untilPayment(checkout, { refunded: 40_000 });
  await expectBooks(checkout, [workshop], 0);
});
