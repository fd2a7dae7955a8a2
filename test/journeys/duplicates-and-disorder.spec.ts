import { expect, it } from '@jest/globals';
import { type Event, paymentCaptured } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging/kafka';
import { expectBooks, journalsOf } from './books.ts';
import { checkoutOf, completed, gatewaySays, idOf, refunded, untilOrder, untilPayment } from './marketplace.ts';
import { post, read, send, until } from './stack.ts';
import { openWorkshop, stockOf } from './workshop.ts';

it('a checkout that comes again and again, by Kafka and by HTTP, is one sale', async () => {
  const workshop = await openWorkshop({ stock: 10 });
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 2, unitPrice: 30_000 }]);
  const delivered = completed(checkout);
  const sentAgain = completed(checkout);

  await send(delivered, delivered, sentAgain);
  await post('orders', 'checkouts', checkout, `${checkout.orderRef}-a`);
  await post('orders', 'checkouts', checkout, `${checkout.orderRef}-a`);
  await untilOrder(checkout, 'credited');
  await send(delivered, completed(checkout));
  await post('orders', 'checkouts', checkout, `${checkout.orderRef}-b`);

  await afterEverythingSentBefore();
  expect(await journalsOf(checkout, workshop)).toHaveLength(1);
  expect(await stockOf(workshop)).toBe(8);
  await untilPayment(checkout, { captured: 60_000, refunded: 0 });
  await expectBooks(checkout, [workshop], 60_000);
});

it('another checkout under the same reference changes nothing and is seen', async () => {
  const workshop = await openWorkshop({ stock: 10 });
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 30_000 }]);
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');

  await send(completed({ ...checkout, lines: [{ lineRef: '1', sku: workshop.sku, quantity: 9, unitPrice: 1 }] }));
  await until(
    () => read<{ items: { orderId: string; reason: string }[] }>('orders', 'rejected-checkouts?limit=1000'),
    ({ items }) => items.some(({ orderId, reason }) => orderId === idOf(checkout) && reason === 'conflict'),
  );
  expect(await stockOf(workshop)).toBe(9);
  await expectBooks(checkout, [workshop], 30_000);
});

it('a refund that overtakes its checkout waits for it, and one that comes twice is paid once', async () => {
  const workshop = await openWorkshop({ stock: 2 });
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 2, unitPrice: 25_000 }]);
  const refund = refunded(checkout, '1', 'r1', 1);

  await send(refund, refund, completed(checkout), refunded(checkout, '1', 'r1', 1));
  await untilOrder(checkout, 'credited');
  await untilPayment(checkout, { captured: 50_000, refunded: 25_000 });
  await until(
    () => journalsOf(checkout, workshop),
    (journals) => journals.length === 2,
  );

  await send(refunded(checkout, '1', 'r1', 1));
  await afterEverythingSentBefore();
  expect(await journalsOf(checkout, workshop)).toHaveLength(2);
  await untilPayment(checkout, { captured: 50_000, refunded: 25_000 });
  await expectBooks(checkout, [workshop], 25_000);
});

it('a gateway that repeats and contradicts itself is believed once', async () => {
  const workshop = await openWorkshop({ stock: 1 });
  const checkout = checkoutOf('toko-sandbox', [{ sku: workshop.sku, quantity: 1, unitPrice: 70_000 }]);
  const capturedAgain = (): Event =>
    newEvent(
      paymentCaptured,
      { orderId: idOf(checkout), amount: 70_000, capturedAt: checkout.placedAt },
      { correlationId: newId() },
    );

  await send(completed(checkout));
  await untilPayment(checkout, { status: 'pending' });
  const answers = await Promise.all(
    (['capture', 'capture', 'capture'] as const).map((notice) => gatewaySays(notice, checkout)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await gatewaySays('fail', checkout)).status).toBe(409);
  await send(capturedAgain(), capturedAgain());
  await untilOrder(checkout, 'credited');

  await afterEverythingSentBefore();
  expect(await journalsOf(checkout, workshop)).toHaveLength(1);
  await untilPayment(checkout, { status: 'captured', captured: 70_000, refunded: 0 });
  await expectBooks(checkout, [workshop], 70_000);
});

/** Sixteen later checkouts have gone all the way, over all four partitions as good as surely: nothing is under way. */
async function afterEverythingSentBefore(): Promise<void> {
  const workshop = await openWorkshop({ stock: 16 });
  const checkouts = Array.from({ length: 16 }, () =>
    checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 1_000 }]),
  );
  await send(...checkouts.map(completed));
  for (const checkout of checkouts) await untilOrder(checkout, 'credited');
}
