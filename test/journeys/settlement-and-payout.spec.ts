import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { checkoutOf, completed, orderOf, refunded, untilOrder } from './marketplace.ts';
import { post, read, request, send, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

interface Balances {
  readonly pending: number;
  readonly available: number;
  readonly reserved: number;
  readonly receivable: number;
}

async function untilBalances(owner: string, expected: Partial<Balances>): Promise<void> {
  await until(
    () => request<Balances>('ledger', `owners/${encodeURIComponent(owner)}`),
    ({ body }) => Object.entries(expected).every(([name, value]) => body[name as keyof Balances] === value),
  );
}

it('what a marketplace pays out reaches the maker, and a refund after that is owed', async () => {
  const workshop = await openWorkshop({ stock: 2 });
  const { facilityId } = workshop;
  const maker = `maker:${workshop.makerIds[0]}`;
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 200_000 }], { fees: 10_000 });
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  await untilBalances(maker, { pending: 95_000, available: 0 });

  const { channel, orderRef } = checkout;
  const report = { channel, orderRef, settlementRef: 'S1', fee: 12_000, shipping: 0, withheldTax: 1_000, bank: 'bri' };
  const all = { paidOut: 187_000, revenue: 200_000, settles: 'all' };
  await post('payments', 'settlements', { ...report, ...all, settledAt: '2026-01-12T10:00:00+07:00' }, randomUUID());
  await untilBalances(maker, { pending: 0, available: 95_000 });
  expect(await read('orders', `orders/${channel}/${orderRef}`)).toMatchObject({
    sales: [{ status: 'settled' }],
    settlements: [{ settlementId: `${channel}/${orderRef}~S1`, status: 'settled', fee: 12_000 }],
  });
  const balanceOf = async (account: string) =>
    (await read<{ balance: number }>('ledger', `accounts/${encodeURIComponent(account)}`)).balance;
  expect(await balanceOf(`bank:bri@${facilityId}`)).toBe(187_000);
  expect(await balanceOf(`channel:blanja:receivable@${facilityId}`)).toBe(0);
  expect(await balanceOf(`channel:blanja:variance@${facilityId}`)).toBe(2_000);

  const proposal = { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'treasurer' };
  const { body: payout } = await post<{ payoutId: string; items: { itemId: string; amount: number }[] }>(
    'ledger',
    'payouts',
    proposal,
    randomUUID(),
  );
  expect(payout.items).toMatchObject([{ amount: 95_000 }]);
  await post('ledger', `payouts/${payout.payoutId}/review`, { by: 'treasurer' }, randomUUID());
  await post('ledger', `payouts/${payout.payoutId}/approval`, { by: 'head' }, randomUUID());
  await untilBalances(maker, { available: 0, reserved: 95_000 });
  const itemId = payout.items[0]?.itemId;
  await until(
    () => post('payments', `sandbox/disbursements/${itemId}/pay`),
    ({ status }) => status === 200,
  );
  await untilBalances(maker, { reserved: 0 });
  expect(await balanceOf(`bank:bri@${facilityId}`)).toBe(92_000);

  await send(refunded(checkout, '1', 'R1', 1));
  await untilOrder(checkout, 'refunded');
  await untilBalances(maker, { pending: 0, available: 0, receivable: 95_000 });
});

it('orders, payments and books agree on what was sold, settled, paid out and given back', async () => {
  const { sku, facilityId } = await openWorkshop({ stock: 4 });
  const kept = checkoutOf('blanja', [{ sku, quantity: 2, unitPrice: 50_000 }], { fees: 4_000 });
  const soldOut = checkoutOf('blanja', [{ sku, quantity: 40, unitPrice: 50_000 }]);
  await send(completed(kept), completed(soldOut));
  await untilOrder(kept, 'credited');
  await until(
    () => orderOf(soldOut),
    ({ reason }) => reason === 'out-of-stock', // it waits, and its money is held: no break either
  );
  const { channel, orderRef } = kept;
  const report = { channel, orderRef, settlementRef: 'S1', fee: 4_500, shipping: 0, withheldTax: 0, bank: 'bri' };
  const all = { paidOut: 95_500, revenue: 100_000, settles: 'all' };
  await post('payments', 'settlements', { ...report, ...all, settledAt: '2026-01-12T10:00:00+07:00' }, randomUUID());
  await send(refunded(kept, '1', 'R1', 1));
  await until(
    () => orderOf(kept),
    ({ refunds }) => refunds[0]?.status === 'posted',
  );

  const breaks = async () => {
    const { rows } = await read<{ rows: { reference: string }[] }>(
      'ledger',
      `reports/reconciliation?facilityId=${facilityId}`,
    );
    return rows.filter(({ reference }) => [kept, soldOut].some(({ orderRef }) => reference.includes(orderRef)));
  };
  expect(await until(breaks, ({ length }) => length === 0)).toEqual([]);
  const opened = await read('ledger', `reconciliation/order/${encodeURIComponent(`${channel}/${orderRef}`)}`);
  expect(opened).toMatchObject({
    records: [
      { counterparty: 'orders', state: 'sold', amount: 100_000 },
      { counterparty: 'payments', state: 'captured', amount: 100_000 },
    ],
    journals: [{ kind: 'sale', facilityId }],
  });
});
