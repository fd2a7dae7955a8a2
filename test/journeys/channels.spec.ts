/** What a channel charges and bears, from its terms to the shares. */
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { type Channel, checkoutOf, completed, openChannel, pathOf, untilOrder } from './marketplace.ts';
import { kafka, read, send } from './stack.ts';
import { openWorkshop } from './workshop.ts';

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
