import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { type Checkout, checkoutDisputeClosed, checkoutDisputed, type DataOf } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging/kafka';
import { checkoutOf, completed, orderOf, pathOf, untilOrder } from './marketplace.ts';
import { post, read, request, send, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

const disputed = ({ channel, orderRef }: Checkout, disputeRef: string, quantity: number) =>
  newEvent(checkoutDisputed, { channel, orderRef, lineRef: '1', disputeRef, quantity }, { correlationId: newId() });
const closed = (
  { channel, orderRef }: Checkout,
  word: Pick<DataOf<typeof checkoutDisputeClosed>, 'disputeRef' | 'quantity' | 'outcome'>,
) =>
  newEvent(
    checkoutDisputeClosed,
    { channel, orderRef, lineRef: '1', closedAt: '2026-01-14T10:00:00+07:00', ...word },
    { correlationId: newId() },
  );

it('what is disputed is paid out to the bank and to nobody else, until the dispute is over and given back', async () => {
  const { sku, facilityId, makerIds } = await openWorkshop({ stock: 2 });
  const checkout = checkoutOf('blanja', [{ sku, quantity: 2, unitPrice: 100_000 }]);
  const { channel, orderRef } = checkout;
  const untilStanding = (status: string) =>
    until(
      () => read<{ standing: { status: string } }>('orders', `orders/${pathOf(checkout)}`),
      ({ standing }) => standing.status === status,
    );
  const balances = async () => (await request<Record<string, unknown>>('ledger', `owners/maker:${makerIds[0]}`)).body;
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  await send(disputed(checkout, 'D-1', 1));
  await untilStanding('disputed');

  const report = { channel, orderRef, settlementRef: 'S1', fee: 0, shipping: 0, withheldTax: 0, bank: 'bri' };
  const all = { paidOut: 200_000, revenue: 200_000, settles: 'all', settledAt: '2026-01-12T10:00:00+07:00' };
  await post('payments', 'settlements', { ...report, ...all }, randomUUID());
  await until(
    () => request<{ balance?: number }>('ledger', `accounts/${encodeURIComponent(`bank:bri@${facilityId}`)}`),
    ({ body }) => body.balance === 200_000,
  );
  expect(await balances()).toMatchObject({ pending: 100_000, available: 0 });

  await send(closed(checkout, { disputeRef: 'D-1', quantity: 1, outcome: 'buyer' }));
  await until(balances, ({ available }) => available === 50_000);
  expect(await balances()).toMatchObject({ pending: 0, available: 50_000, receivable: 0 });
  await untilStanding('partly-refunded');
  expect(await orderOf(checkout)).toMatchObject({
    refunds: [{ refundRef: 'D-1', status: 'posted', amount: 100_000 }],
    disputes: [{ disputeRef: 'D-1', status: 'buyer' }],
  });
});
