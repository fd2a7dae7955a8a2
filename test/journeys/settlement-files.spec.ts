/** Settlement reports as files, from the command to the books: the cases of docs/SETTLEMENT.md. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Checkout } from '#libs/contracts';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { type SettlementCase, settlementCases } from '../settlement/cases.ts';
import { importFiles } from './import-command.ts';
import { type Channel, checkoutOf, completed, openChannel, pathOf, refunded, untilOrder } from './marketplace.ts';
import { kafka, post, read, send, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

interface Sold {
  readonly each: SettlementCase;
  readonly checkout: Checkout;
  readonly facilityId: string;
}

/** What a step moves on the accounts of channel and bank, as the journey's own facility and channel name them. */
function movedBy(each: SettlementCase, steps: number, { facilityId, checkout }: Sold): Map<string, number> {
  const { price = 100_001, fees = 13_000 } = each;
  const own = (account: string) =>
    account.replace('channel:shopee:', `channel:${checkout.channel}:`).replace(/F1$/, facilityId);
  const moved = new Map([
    [own('channel:shopee:receivable@F1'), price],
    [own('channel:shopee:fees@F1'), -fees],
  ]);
  for (const { journals } of each.steps.slice(0, steps)) {
    for (const [account, amount] of Object.values(journals).flatMap((journal) => Object.entries(journal))) {
      if (/^(bank|channel|tax):/.test(account)) moved.set(own(account), (moved.get(own(account)) ?? 0) + amount);
    }
  }
  return moved;
}

async function untilMoved(sold: Sold, steps: number): Promise<void> {
  const expected = movedBy(sold.each, steps, sold);
  const found = async () => {
    const answers = [...expected.keys()].map(async (account): Promise<[string, number]> => {
      const answer = await read<{ balance: number }>('ledger', `accounts/${encodeURIComponent(account)}`).catch(() => ({
        balance: 0,
      }));
      return [account, answer.balance];
    });
    return new Map(await Promise.all(answers));
  };
  const isThere = (balances: Map<string, number>) =>
    [...expected].every(([account, balance]) => balances.get(account) === balance);
  expect(await until(found, isThere)).toEqual(expected);
}

it('as files through all services each case comes out to the rupiah, however often a file is sent', async () => {
  const channel = `shopee-${randomUUID().slice(0, 8)}`;
  const whole = { sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller', fees: [] };
  await openChannel(channel, { ...whole, tolerance: { bp: 300, most: 5_000 } });
  await makeAccess(kafka(), [channel]);
  const sales: Sold[] = [];
  for (const each of settlementCases) {
    const { sku, facilityId } = await openWorkshop({ stock: 1, unitCost: 20_000 });
    const lines = [{ sku, quantity: 1, unitPrice: each.price ?? 100_001 }];
    sales.push({ each, facilityId, checkout: checkoutOf(channel as Channel, lines, { fees: each.fees ?? 13_000 }) });
  }
  await send(...sales.map(({ checkout }) => completed(checkout)));
  for (const { checkout } of sales) await untilOrder(checkout, 'credited');

  const directory = await mkdtemp(join(tmpdir(), 'settlements-'));
  const header = 'order_ref,line_type,settled_at,revenue,fee,shipping,withheld_tax,paid_out,settles,bank';
  /** The n-th report that the channel makes of all of them. */
  const reportOf = async (step: number): Promise<{ rows: Record<string, number> }> => {
    const rows = sales.flatMap(({ each, checkout }) => {
      const does = each.steps[step]?.does;
      if (!does || !('settle' in does)) return [];
      const { revenue = 0, fee, shipping, withheldTax, paidOut = 0, settles } = does.settle;
      const type = revenue < 0 ? 'refund' : 'order';
      return [
        [
          checkout.orderRef,
          type,
          '2026-03-06',
          revenue,
          fee,
          shipping,
          withheldTax,
          paidOut,
          settles,
          'shopee-wallet',
        ].join(','),
      ];
    });
    const path = join(directory, `report-${step}.csv`);
    await writeFile(path, [header, ...rows].join('\n'));
    return importFiles('settlements', path, '--channel', channel);
  };
  try {
    expect((await reportOf(0)).rows).toEqual({ read: sales.length, taken: sales.length });
    for (const sold of sales) await untilMoved(sold, 1);
    expect((await reportOf(0)).rows).toEqual({ read: sales.length, duplicate: sales.length });
    const second = sales.filter(({ each }) => 'settle' in (each.steps[1]?.does ?? {}));
    expect((await reportOf(1)).rows).toEqual({ read: second.length, taken: second.length });
    for (const sold of second) await untilMoved(sold, 2);
  } finally {
    await rm(directory, { recursive: true });
  }

  const listed = async (kind: string) => {
    const { items } = await read<{ items: { reference: string }[] }>('ledger', `exceptions?kind=${kind}`);
    return items.map(({ reference }) => reference);
  };
  for (const sold of sales) {
    const { each, checkout, facilityId } = sold;
    const saleId = `${channel}/${checkout.orderRef}@${facilityId}`;
    const last = each.steps.at(-1);
    if (!last || 'settle' in last.does) continue;
    if ('refund' in last.does) {
      expect(await listed('refund-missing')).toContain(saleId);
      await send(refunded(checkout, '1', 'R1', 1));
    } else {
      expect(await listed('amount-differs')).toContain(saleId);
      const draft = {
        facilityId,
        saleId,
        occurredAt: '2026-03-09T10:00:00+07:00',
        reason: last.does.accept,
        by: 'p-1',
      };
      const { body } = await post<{ adjustmentId: string }>('ledger', 'adjustments/differences', draft, randomUUID());
      const approved = await post('ledger', `adjustments/${body.adjustmentId}/approval`, { by: 'p-2' }, randomUUID());
      expect(approved).toMatchObject({ status: 200, body: { approvedBy: 'p-2', journals: 1 } });
    }
    await untilMoved(sold, each.steps.length);
    expect([...(await listed('refund-missing')), ...(await listed('amount-differs'))]).not.toContain(saleId);
  }
  for (const { checkout, facilityId } of sales) {
    const owner = await read<{ pending: number }>('ledger', `owners/facility:${facilityId}`);
    expect({ order: pathOf(checkout), pending: owner.pending }).toEqual({ order: pathOf(checkout), pending: 0 });
  }
}, 180_000);

it('what a channel takes of no order is borne where two persons say, and its wallet is withdrawn from', async () => {
  const channel = `shopee-${randomUUID().slice(0, 8)}`;
  await openChannel(channel);
  const { facilityId } = await openWorkshop({ stock: 1 });
  const report = async (...rows: string[]) => {
    const directory = await mkdtemp(join(tmpdir(), 'charges-'));
    try {
      const path = join(directory, 'charges.csv');
      const header = 'order_ref,line_type,settled_at,revenue,fee,shipping,withheld_tax,paid_out,settles,bank';
      await writeFile(path, [header, ...rows].join('\n'));
      const options = ['--channel', channel, '--store', 'bali', '--withdrawn-to', 'bri'];
      return (await importFiles<{ rows: object }>('settlements', path, ...options)).rows;
    } finally {
      await rm(directory, { recursive: true });
    }
  };
  expect(await report(',cost,2026-03-06,0,421800,0,0,-421800,part,')).toEqual({ read: 1, taken: 1 });
  const holdId = `${channel}/-~cost 2026-03-06 -421800!1`;
  const balanceOf = async (account: string) =>
    (await read<{ balance: number }>('ledger', `accounts/${encodeURIComponent(account)}`).catch(() => null))?.balance;
  const held = () =>
    read<{ items: { reference: string; detail: string; amount: number; actions: string[] }[] }>(
      'ledger',
      `exceptions?kind=no-store&limit=1000`,
    ).then(({ items }) => items.filter(({ reference }) => reference === holdId));
  expect(await until(held, ({ length }) => length === 1)).toMatchObject([
    { reference: holdId, detail: 'cost, bali', amount: -421_800, actions: ['assign', 'allocate'] },
  ]);
  expect(await balanceOf(`channel:${channel}:unallocated@unallocated`)).toBe(421_800);

  const set = { version: 1, stores: [{ store: 'bali', facilityId }], by: 'p-1' };
  const drafted = () => post('orders', `channels/${channel}/stores`, set); // whose facility orders is still being told of
  expect(await until(drafted, ({ status }) => status === 200)).toMatchObject({ status: 200 });
  expect(await post('orders', `channels/${channel}/stores/1/approval`, { by: 'p-2' })).toMatchObject({ status: 200 });
  const figures = () =>
    Promise.all(
      [
        `bank:${channel}-wallet@${facilityId}`,
        `channel:${channel}:variance@${facilityId}`,
        `channel:${channel}:unallocated@unallocated`,
        `bank:${channel}-wallet@unallocated`,
      ].map(balanceOf),
    );
  const borne = [-421_800, 421_800, 0, 0];
  expect(await until(figures, (found) => found.every((each, index) => each === borne[index]))).toEqual(borne);
  expect(await held()).toEqual([]);

  // Of no order as well: what it gives. Of that a part goes to a bank, whichever of both is told first.
  const given = ',compensation,2026-03-07,1000000,0,0,0,1000000,all,';
  const withdrawn = ',withdrawal,2026-03-08,500000,0,0,0,500000,part,';
  expect(await report(given, withdrawn)).toEqual({ read: 2, taken: 2 });
  const banks = () => Promise.all([`bank:${channel}-wallet@${facilityId}`, `bank:bri@${facilityId}`].map(balanceOf));
  const moved = [78_200, 500_000];
  expect(await until(banks, (found) => found.every((each, index) => each === moved[index]))).toEqual(moved);
  expect(await report(given, withdrawn)).toEqual({ read: 2, duplicate: 2 });
}, 180_000);
