/**
 * Months that the demo looks back on: sales of a marketplace `pasar` by the import of orders, what it paid out since, a
 * payout that was made and one that waits, a deposit, an adjustment and a close to decide about. Made of the day on which
 * it is first started, so that there is always a last month.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { chargesOf, sumOf, type Terms } from '../../services/orders/channels/terms.ts';
import { authorizationOf } from '../identity/command-token.ts';
import type { Service } from '../local/services.ts';

/** `npm run import`, and how it ends when goods of rows are not there yet */
const IMPORT = fileURLToPath(new URL('../local/import.ts', import.meta.url));
const EXIT_AWAITED = 3;
const CHANNEL = 'pasar';
const TERMS: Terms = {
  sellersPartOfDiscountBp: 10_000,
  shippingBorneBy: 'buyer',
  fees: [
    { name: 'admin', bp: 400, vatBp: 1_100 },
    { name: 'proses', fixed: 1_250 },
  ],
};
const ORDERS = 120;
const MONTHS_BACK = 4;
const DAY_MS = 24 * 60 * 60 * 1_000;
const WIB_MS = 7 * 60 * 60 * 1_000;
/** After the order. */
const SETTLED_AFTER_DAYS = 12;
const FACILITY = 'LP-MOJOKERTO';
const BANK = 'bri';
const DEADLINE_MS = 60_000;

interface Begun {
  readonly at: string | Date;
  readonly isDone?: boolean;
}

interface Sale {
  readonly orderRef: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
  readonly placedAt: Date;
  readonly refunded: number;
}

/**
 * What was begun is gone on with: of the same instant everything is asked for in the same words, and is so done once.
 * @param directory keeps that instant, and the file that is imported
 */
export async function makeHistory(addresses: Record<Service, string>, directory: string): Promise<void> {
  const standing = join(directory, 'history.json');
  const begun: Begun = existsSync(standing) ? JSON.parse(await readFile(standing, 'utf8')) : { at: new Date() };
  if (begun.isDone) return;
  await writeFile(standing, JSON.stringify(begun));
  const now = new Date(begun.at);
  const ask = askOf(addresses);
  const sales = await salesUntil(now);
  await openChannel(ask, sales[0] as Sale);
  const file = join(directory, 'history.csv');
  await writeFile(file, rowsOf(sales));
  await promisify(execFile)(process.execPath, ['--conditions=source', IMPORT, 'orders', file]).catch((error) => {
    if (error.code !== EXIT_AWAITED) throw error; // the goods of the last row
  });
  await settle(ask, sales, now);
  await decide(ask, now);
  await writeFile(standing, JSON.stringify({ ...begun, isDone: true }));
  console.log(
    `\nThe demo looks back on ${MONTHS_BACK} months: ${sales.length} orders of the channel ${CHANNEL}. A payout, an adjustment and a close wait for a decision.`,
  );
}

/** Orders of the last months, one after the other, of every product in turn. The same of the same day. */
async function salesUntil(now: Date): Promise<Sale[]> {
  const text = await readFile(new URL('catalogue/products.csv', import.meta.url), 'utf8');
  const products = parse<{ sku: string; price: string }>(text, { columns: true });
  const from = +monthStart(now, -MONTHS_BACK);
  return Array.from({ length: ORDERS }, (_, index) => {
    const { sku = '', price = '0' } = products[(index * 5) % products.length] ?? {};
    const unitPrice = Number(price);
    const quantity = unitPrice < 50_000 ? 3 + ((index * 7) % 8) : 1 + ((index * 7) % 3);
    return {
      orderRef: `CONTOH-${String(index + 1).padStart(3, '0')}`,
      ...{ sku, quantity, unitPrice },
      discount: index % 6 === 0 ? 5_000 : 0,
      placedAt: new Date(Math.floor(from + ((index + 0.5) * (+now - from)) / ORDERS)),
      refunded: index % 29 === 11 ? 1 : 0,
    };
  });
}

/** As `npm run import -- orders` takes them; the last is of goods that nobody has. */
function rowsOf(sales: readonly Sale[]): string {
  const row = ({ orderRef, ...sale }: Sale, more: object) => ({
    ...{ channel: CHANNEL, order_ref: orderRef, line_ref: '1', type: 'sale', refund_ref: '', sku: sale.sku },
    ...{ quantity: sale.quantity, unit_price: sale.unitPrice, discount: sale.discount },
    ordered_at: sale.placedAt.toISOString(),
    ...more,
  });
  const last = sales.at(-1) as Sale;
  return stringify(
    [
      ...sales.map((sale) => row(sale, {})),
      ...sales
        .filter(({ refunded }) => refunded > 0)
        .map((sale) =>
          row(sale, {
            ...{ type: 'refund', refund_ref: 'R-1', quantity: sale.refunded, discount: 0 },
            ordered_at: new Date(+sale.placedAt + DAY_MS).toISOString(),
          }),
        ),
      row(last, { order_ref: 'CONTOH-TANPA-BARANG', sku: 'MJK-TOPI-KULIT' }),
    ],
    { header: true },
  );
}

async function openChannel(ask: Ask, { placedAt }: Sale): Promise<void> {
  const effectiveFrom = new Date(+placedAt - DAY_MS).toISOString();
  await ask('national-drafter', 'orders', 'channels', { channelId: CHANNEL, name: 'Pasar (contoh)', kind: 'generic' });
  await ask('national-drafter', 'orders', `channels/${CHANNEL}/terms`, { version: 1, effectiveFrom, ...TERMS });
  await ask('national-approver', 'orders', `channels/${CHANNEL}/terms/1/approval`, {});
}

/** The channel has paid out what is older than some days, with one fee that it had not announced; one it still owes. */
async function settle(ask: Ask, sales: readonly Sale[], now: Date): Promise<void> {
  const settled = sales.filter(({ placedAt }, index) => +now - +placedAt > SETTLED_AFTER_DAYS * DAY_MS && index !== 3);
  for (const [index, { orderRef, placedAt, ...sale }] of settled.entries()) {
    const price = sale.quantity * sale.unitPrice - sale.discount;
    const fee = sumOf(chargesOf([{ price }], TERMS)) + (index === 7 ? 2_500 : 0);
    await ask('national-drafter', 'payments', 'settlements', {
      ...{ channel: CHANNEL, orderRef, settlementRef: 'S-1', bank: BANK },
      ...{ fee, shipping: 0, withheldTax: 0, paidOut: price - fee, revenue: price, settles: 'all' },
      settledAt: new Date(+placedAt + SETTLED_AFTER_DAYS * DAY_MS).toISOString(),
    });
  }
  await untilAll(settled, async ({ orderRef }) => {
    const order = await ask<{ sales: { status: string }[] }>('auditor', 'orders', `orders/${CHANNEL}/${orderRef}`);
    return order.sales.every(({ status }) => status === 'settled');
  });
}

async function decide(ask: Ask, now: Date): Promise<void> {
  const propose = (upTo: string) =>
    ask<Payout>('treasurer-1', 'ledger', 'payouts', { facilityId: FACILITY, bank: BANK, upTo });
  const { payoutId } = await propose(lastDayBefore(monthStart(now, -1)));
  await ask('treasurer-2', 'ledger', `payouts/${payoutId}/review`, {});
  await ask('approver', 'ledger', `payouts/${payoutId}/approval`, {});
  const payout = () => ask<Payout>('treasurer-1', 'ledger', `payouts/${payoutId}`);
  const { items } = await payout();
  await untilAll(items, async ({ itemId }) => {
    await ask('operator-1', 'payments', `sandbox/disbursements/${itemId}/pay`, {}).catch(() => {});
    return (await payout()).items.some((item) => item.itemId === itemId && item.status === 'paid');
  });
  await propose(lastDayBefore(monthStart(now, 0)));

  const owed = await ask<{ balance: number }>('auditor', 'ledger', `accounts/state:pnbp@${FACILITY}`);
  const bill = {
    facilityId: FACILITY,
    bank: BANK,
    amount: Math.floor(-owed.balance / 2),
    billingCode: '820260105123456',
  };
  const { depositId } = await ask<{ depositId: string }>('treasurer-1', 'ledger', 'deposits', bill);
  const receipt = { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: now.toISOString() };
  await ask('treasurer-2', 'ledger', `deposits/${depositId}/receipt`, receipt);

  await ask('treasurer-1', 'ledger', 'adjustments', {
    ...{ facilityId: FACILITY, occurredAt: now.toISOString(), type: 'adjustment' },
    reason: 'Jam kerja M-MJK-03 pada lot Januari kurang dicatat',
    entries: [
      { account: `facility:${FACILITY}:earnings`, amount: 5_000 },
      { account: 'maker:M-MJK-03:wages', amount: -5_000 },
    ],
  });
  const month = dayOf(monthStart(now, -MONTHS_BACK)).slice(0, 7);
  await ask('national-drafter', 'ledger', `periods/${month}/close`, { reason: 'Semua pesanan sudah diperiksa' });
}

interface Payout {
  readonly payoutId: string;
  readonly items: readonly { readonly itemId: string; readonly status: string }[];
}

type Ask = <Answer>(person: string, service: Service, path: string, body?: object) => Promise<Answer>;

/** Asks as a person of the demo; the same again is the same request. */
function askOf(addresses: Record<Service, string>): Ask {
  const signedIn = new Map<string, () => Promise<string>>();
  const ask: Ask = async <Answer>(person: string, service: Service, path: string, body?: object): Promise<Answer> => {
    const who = `${person} ${service}`;
    const authorization = signedIn.get(who) ?? authorizationOf(service, person);
    signedIn.set(who, authorization);
    const response = await fetch(`${addresses[service]}/v1/${path}`, {
      headers: {
        authorization: await authorization(),
        ...(body && { 'content-type': 'application/json', 'idempotency-key': keyOf(path, body) }),
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (response.status === 429) {
      await sleep(Number(response.headers.get('retry-after')) * 1_000);
      return ask(person, service, path, body);
    }
    if (!response.ok) throw new Error(`${service} answers ${response.status} to ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return ask;
}

function keyOf(path: string, body: object): string {
  return createHash('sha256')
    .update(`${path} ${JSON.stringify(body)}`)
    .digest('hex');
}

async function untilAll<Item>(items: readonly Item[], isThere: (item: Item) => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (const item of items) {
    while (!(await isThere(item))) {
      if (Date.now() > deadline) throw new Error(`the history is not there after ${DEADLINE_MS / 1_000} s`);
      await sleep(100);
    }
  }
}

/** Its first instant, in Jakarta. */
function monthStart(now: Date, months: number): Date {
  const local = new Date(+now + WIB_MS);
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1) - WIB_MS);
}

/** `YYYY-MM-DD` in Jakarta. */
function dayOf(instant: Date): string {
  return new Date(+instant + WIB_MS).toISOString().slice(0, 10);
}

function lastDayBefore(instant: Date): string {
  return dayOf(new Date(+instant - DAY_MS));
}
