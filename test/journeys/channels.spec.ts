/** What a channel charges and bears, from its terms to the shares. */
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Checkout } from '#libs/contracts';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { type Channel, checkoutOf, completed, openChannel, pathOf, untilOrder } from './marketplace.ts';
import { kafka, post, read, request, send, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

async function untilStanding(checkout: Checkout, status: string) {
  const { body } = await until(
    () => request<{ standing: { status: string } }>('orders', `orders/${pathOf(checkout)}`),
    (answer) => answer.body.standing?.status === status,
  );
  return body;
}

it('a discount and a courier that the marketplace pays lessen nobody’s share, and its fees are those of its terms', async () => {
  const {
    sku,
    facilityId,
    makerIds: [makerId],
  } = await openWorkshop({ stock: 10 });
  const channel = `pasar-${randomUUID().slice(0, 8)}`;
  const fees = [{ name: 'admin', bp: 800 }];
  await openChannel(channel, { sellersPartOfDiscountBp: 0, shippingBorneBy: 'platform', fees });
  await makeAccess(kafka(), [channel]);
  const lines = [{ sku, quantity: 1, unitPrice: 100_000 }];
  const checkout = checkoutOf(channel as Channel, lines, { discount: 10_000, shipping: 9_000 });
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  expect(await read('orders', `orders/${pathOf(checkout)}`)).toMatchObject({ amount: 100_000, termsVersion: 1 });
  // 100,000 less the fee of 8,000: half to the maker, 35 % to the workshop.
  expect(await read('ledger', `owners/maker:${makerId}`)).toMatchObject({ pending: 46_000 });
  expect(await read('ledger', `owners/facility:${facilityId}`)).toMatchObject({ pending: 32_200 });
});

it('what a marketplace calls otherwise waits, and is sold when two persons have listed it', async () => {
  const { sku, makerIds } = await openWorkshop({ stock: 10 });
  const channel = `pasar-${randomUUID().slice(0, 8)}`;
  await openChannel(channel, {
    ...{ sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller' },
    fees: [{ name: 'admin', bp: { A: 800, '*': 425 } }],
  });
  await makeAccess(kafka(), [channel]);
  const checkout = checkoutOf(channel as Channel, [{ sku: 'SHP-88213', quantity: 1, unitPrice: 100_000 }]);
  await send(completed(checkout));
  const waits = await untilStanding(checkout, 'awaiting-goods');
  expect(waits).toMatchObject({ lines: [{ sku: 'SHP-88213', fees: 4_250 }] });

  const listings = [{ channelSku: 'SHP-88213', sku, feeClass: 'A' }];
  await post('orders', `channels/${channel}/listings`, { version: 1, listings, by: 'p-1' });
  await post('orders', `channels/${channel}/listings/1/approval`, { by: 'p-2' });
  await untilOrder(checkout, 'credited');
  expect(await read('orders', `orders/${pathOf(checkout)}`)).toMatchObject({
    lines: [{ sku: 'SHP-88213', listedSku: sku, fees: 8_000 }],
  });
  expect(await read('ledger', `owners/maker:${makerIds[0]}`)).toMatchObject({ pending: 46_000 });
});
