/** What waited long ends as what never waited: two channels sell the same, and one of them is late with its list. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import type { Checkout } from '#libs/contracts';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { ALL_OURS, type Channel, checkoutOf, completed, idOf, openChannel, untilOrder } from './marketplace.ts';
import { kafka, post, read, send, until } from './stack.ts';
import { openWorkshop, stockOf, type Workshop } from './workshop.ts';

const ORDERS = 1_000;
/** So many are sent before it is looked whether they arrive. */
const AT_ONCE = 100;
/** One channel SKU in ten is unknown at first. */
const SKUS = 10;
const UNKNOWN = `C${SKUS - 1}`;

interface Twin {
  readonly channel: string;
  readonly workshop: Workshop;
  readonly checkouts: readonly Checkout[];
}

async function openTwin(): Promise<Twin> {
  const workshop = await openWorkshop({ stock: 2 * ORDERS, unitCost: 9_999, hours: [1, 2, 4] });
  const channel = `pasar-${randomUUID().slice(0, 8)}`;
  await openChannel(channel, { ...ALL_OURS, fees: [{ name: 'admin', bp: 425 }] });
  await makeAccess(kafka(), [channel]);
  const checkouts = Array.from({ length: ORDERS }, (_, index) =>
    checkoutOf(channel as Channel, [
      { sku: `C${index % SKUS}`, quantity: 1 + (index % 2), unitPrice: 50_001 + 7 * index },
    ]),
  );
  return { channel, workshop, checkouts };
}

/** Two persons list the goods under their channel's names, all but `without`. */
async function list({ channel, workshop }: Twin, version: number, without?: string): Promise<void> {
  const names = Array.from({ length: SKUS }, (_, index) => `C${index}`).filter((name) => name !== without);
  const listings = names.map((channelSku) => ({ channelSku, sku: workshop.sku }));
  await post('orders', `channels/${channel}/listings`, { version, listings, by: 'p-1' });
  const { status } = await post('orders', `channels/${channel}/listings/${version}/approval`, { by: 'p-2' });
  expect(status).toBe(200);
}

const priceOf = ({ lines }: Checkout): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
const feeOf = (checkout: Checkout): number => Math.floor((priceOf(checkout) * 425) / 10_000);

async function settleAll({ channel, checkouts }: Twin): Promise<void> {
  const rows = checkouts.map((checkout) => {
    const [price, fee] = [priceOf(checkout), feeOf(checkout)];
    return [checkout.orderRef, 'order', '2026-03-06', price, fee, 0, 0, price - fee, 'all', 'bri'].join();
  });
  const columns = 'order_ref,line_type,settled_at,revenue,fee,shipping,withheld_tax,paid_out,settles,bank';
  const csv = [columns, ...rows].join('\n');
  const { status } = await post('payments', 'settlement-files', { channel, name: 'report.csv', csv }, randomUUID());
  expect(status).toBe(200);
}

/** By account, without the names of the twin. */
async function balancesOf({ channel, workshop: { facilityId, makerIds } }: Twin): Promise<Record<string, number>> {
  const asked = [`facilityId=${facilityId}`, ...makerIds.map((makerId) => `owner=maker:${makerId}`)];
  const pages = await Promise.all(
    asked.map((query) =>
      read<{ items: { code: string; balance: number }[] }>('ledger', `accounts?${query}&limit=1000`),
    ),
  );
  const accounts = pages.flatMap(({ items }) => items).filter(({ balance }) => balance !== 0);
  return Object.fromEntries(
    accounts
      .map(({ code, balance }): [string, number] => [
        code.replaceAll(facilityId, 'FACILITY').replaceAll(channel, 'CHANNEL'),
        balance,
      ])
      .sort(),
  );
}

async function waitingOf({ channel }: Twin): Promise<string[]> {
  const { items } = await read<{ items: { reference: string }[] }>(
    'ledger',
    'exceptions?kind=awaiting-goods&limit=1000',
  );
  return items.map(({ reference }) => reference).filter((reference) => reference.startsWith(`${channel}/`));
}

it('a thousand orders, settled at once while the goods of a tenth were unknown, end in the books as if all had been known', async () => {
  const [late, early] = [await openTwin(), await openTwin()];
  await Promise.all([list(late, 1, UNKNOWN), list(early, 1)]);
  const unknown = late.checkouts.filter(({ lines }) => lines.some(({ sku }) => sku === UNKNOWN)).map(idOf);
  for (let at = 0; at < ORDERS; at += AT_ONCE) {
    const some = [late, early].flatMap(({ checkouts }) => checkouts.slice(at, at + AT_ONCE));
    await send(...some.map(completed));
    await untilOrder(early.checkouts[at] as Checkout, 'credited');
  }
  await Promise.all([settleAll(late), settleAll(early)]);
  const isOver = (balances: Record<string, number>) =>
    balances['channel:CHANNEL:receivable@FACILITY'] === undefined && paidOut(balances) === paidOutOf(early);
  const expected = await until(() => balancesOf(early), isOver);
  await until(
    () => waitingOf(late),
    (waiting) => isDeepStrictEqual(new Set(waiting), new Set(unknown)),
  );
  expect(await balancesOf(late)).not.toEqual(expected);

  await list(late, 2);
  const found = await until(() => balancesOf(late), isOver);
  expect(found).toEqual(expected);
  await until(
    () => waitingOf(late),
    (waiting) => waiting.length === 0,
  );
  expect(await stockOf(late.workshop)).toBe(await stockOf(early.workshop));
}, 240_000);

const paidOutOf = ({ checkouts }: Twin): number =>
  checkouts.reduce((sum, checkout) => sum + priceOf(checkout) - feeOf(checkout), 0);

/** All but what the bank has: what the bank got, given on to whom it is owed. */
function paidOut(balances: Record<string, number>): number {
  const owed = Object.entries(balances).filter(([account]) => !account.startsWith('bank:'));
  return 0 - owed.reduce((sum, [, balance]) => sum + balance, 0);
}
