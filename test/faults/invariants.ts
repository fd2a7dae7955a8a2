/**
 * What must hold when everything has settled, whatever was done to the system before: each violation a line that says
 * which order, sale, account or lot.
 */
import { orderIdOf, refundIdOf, saleIdOf } from '#libs/contracts';
import { SERVICES } from '../../deploy/local/services.ts';
import { isReady, RESERVATION_MS, rowsOf, type System } from './system.ts';
import type { Expected } from './traffic.ts';

const LINES_MAX = 20;

interface OrderRow {
  orderId: string;
  status: string;
  reason: string | null;
  amount: string | null;
  /** By the clock of the orders' database: how long after its checkout the order's reservation was over. */
  heldMs: number | null;
  refunds: { refundId: string; lineRef: string; status: string; quantity: number; amount?: number }[];
  facilities: string[] | null;
}

interface JournalRow {
  reference: string;
  kind: 'sale' | 'refund';
  /** What the channel owes by it, whole rupiah. */
  receivable: string;
  total: string;
}

interface PaymentRow {
  orderId: string;
  status: string;
  captured: string;
  refunded: string;
  pendingRefunds: string;
}

export interface Verdict {
  readonly violations: readonly string[];
  readonly sales: number;
  /** Acknowledged checkouts without their outcome, and sales without a journal. */
  readonly lost: number;
  /** Sales or refunds that are in the books more than once. */
  readonly double: number;
}

/** Compares everything that a round's orders left in the four databases, and what the books say as a whole. */
export async function examine(system: System, round: string, expected: Expected): Promise<Verdict> {
  const [orders, journals, payments, reservations] = await Promise.all([
    ordersOf(system, round),
    journalsOf(system, round),
    paymentsOf(system, round),
    reservationsOf(system, round),
  ]);
  const violations: string[] = [];
  const say = (line: string): void => void violations.push(line);
  let lost = 0;
  let double = 0;

  for (const orderId of expected.checkouts.keys()) {
    const status = orders.get(orderId)?.status;
    if (status === 'credited' || status === 'refunded' || status === 'cancelled' || status === 'rejected') continue;
    lost += 1;
    say(`order ${orderId}: acknowledged, and ${status ?? 'unknown'}`);
  }
  for (const [refundId, refund] of expected.refunds) {
    const order = orders.get(orderIdOf(refund));
    const status = order?.refunds.find((kept) => kept.refundId === refundId)?.status;
    if (status !== 'posted' && status !== 'rejected')
      say(`refund ${refundId}: acknowledged, and ${status ?? 'unknown'}`);
  }

  const posted = new Map<string, JournalRow[]>();
  for (const journal of journals) posted.set(journal.reference, [...(posted.get(journal.reference) ?? []), journal]);
  const owed = new Set<string>();
  let sales = 0;
  for (const order of orders.values()) {
    const { orderId, status, refunds } = order;
    if (!expected.checkouts.has(orderId)) say(`order ${orderId}: nobody sent its checkout`);
    const isSold = status === 'credited' || status === 'refunded';
    const saleIds = isSold ? (order.facilities ?? []).map((facilityId) => saleIdOf(orderId, facilityId)) : [];
    const paidBack = refunds.filter((refund) => refund.status === 'posted');
    sales += saleIds.length;
    for (const id of [...saleIds, ...paidBack.map(({ refundId }) => refundId)]) {
      owed.add(id);
      const count = posted.get(id)?.length ?? 0;
      if (count === 0) lost += 1;
      if (count > 1) double += 1;
      if (count !== 1) say(`${id}: in the books ${count} times`);
    }
    if (isSold && saleIds.length === 0) say(`order ${orderId}: sold without goods`);

    if (order.reason === 'reservation-expired' && Number(order.heldMs) < RESERVATION_MS) {
      say(
        `order ${orderId}: expired ${Math.round(Number(order.heldMs))} ms after its checkout, before its buyer's time was over`,
      );
    }
    const amount = isSold ? Number(order.amount) : 0;
    const gross = sumOf(saleIds, (id) => receivableOf(posted.get(id)));
    const back = -sumOf(paidBack, ({ refundId }) => receivableOf(posted.get(refundId)));
    if (gross !== amount) say(`order ${orderId}: the buyer paid ${amount}, the books hold ${gross}`);
    const promised = sumOf(paidBack, (refund) => refund.amount ?? 0);
    if (back !== promised) say(`order ${orderId}: the buyer got back ${promised}, the books took back ${back}`);

    const payment = payments.get(orderId);
    const net = Number(payment?.captured ?? 0) - Number(payment?.refunded ?? 0);
    if (net !== amount - promised) say(`order ${orderId}: payments keep ${net}, the books ${amount - promised}`);
    if (payment?.status === 'pending' || Number(payment?.pendingRefunds ?? 0) > 0)
      say(`order ${orderId}: its payment is not over (${payment?.status})`);

    const reservation = reservations.get(orderId);
    const wanted = isSold ? ['committed'] : ['released', 'rejected', undefined];
    if (!wanted.includes(reservation)) say(`order ${orderId}: ${status}, and its goods are ${reservation}`);
  }
  for (const { reference, total } of journals) {
    if (!owed.has(reference)) say(`${reference}: in the books, and its order knows nothing of it`);
    if (Number(total) !== 0) say(`${reference}: its entries add up to ${total}`);
  }
  for (const refund of expected.refunds.values()) {
    const refundId = refundIdOf(orderIdOf(refund), refund.lineRef, refund.refundRef);
    const order = orders.get(orderIdOf(refund));
    const line = expected.checkouts.get(orderIdOf(refund))?.lines.find(({ lineRef }) => lineRef === refund.lineRef);
    const units = sumOf(
      (order?.refunds ?? []).filter(({ lineRef, status }) => lineRef === refund.lineRef && status === 'posted'),
      ({ quantity }) => quantity,
    );
    if (line && units > line.quantity) say(`refund ${refundId}: ${units} units given back of ${line.quantity}`);
  }
  violations.push(...(await booksAsAWhole(system)), ...(await lots(system)), ...(await machinery(system)));
  const rest = violations.length - LINES_MAX;
  if (rest > 0) violations.splice(LINES_MAX, rest, `and ${rest} more`);
  return { violations, sales, lost, double };
}

const sumOf = <T>(items: readonly T[], amountOf: (item: T) => number): number =>
  items.reduce((sum, item) => sum + amountOf(item), 0);

const receivableOf = (journals: readonly JournalRow[] = []): number =>
  sumOf(journals, ({ receivable }) => Number(receivable));

/** Ids of a round, on both channels, as a condition on a column; its references begin with the round's name. */
const ofRound = (column: string): string =>
  `(starts_with(${column}, 'blanja/' || $1 || '-') OR starts_with(${column}, 'toko-sandbox/' || $1 || '-'))`;

async function ordersOf(system: System, round: string): Promise<Map<string, OrderRow>> {
  const rows = await rowsOf<OrderRow>(
    system.databaseUrls.orders,
    `SELECT process.order_id AS "orderId", status, reason, amount, state -> 'refunds' AS refunds,
            CASE WHEN reason = 'reservation-expired' THEN extract(
              epoch FROM substring(state ->> 'detail' FROM 'at (.*)')::timestamptz - received_at)::float8 * 1000
            END AS "heldMs",
            (SELECT array_agg(DISTINCT line ->> 'facilityId') FROM jsonb_array_elements(reservation.lines) AS line)
              AS facilities
       FROM order_process AS process LEFT JOIN "order" USING (order_id) LEFT JOIN reservation USING (order_id)
      WHERE ${ofRound('process.order_id')}`,
    [round],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

function journalsOf(system: System, round: string): Promise<JournalRow[]> {
  return rowsOf(
    system.databaseUrls.ledger,
    `SELECT source_reference AS reference, journal.kind, coalesce(sum(amount), 0) AS total,
            coalesce(sum(amount) FILTER (WHERE code LIKE 'channel:%:receivable@%'), 0) AS receivable
       FROM journal LEFT JOIN entry USING (journal_id) LEFT JOIN account USING (account_id)
      WHERE journal.kind IN ('sale', 'refund') AND ${ofRound('source_reference')}
      GROUP BY journal_id`,
    [round],
  );
}

async function paymentsOf(system: System, round: string): Promise<Map<string, PaymentRow>> {
  const rows = await rowsOf<PaymentRow>(
    system.databaseUrls.payments,
    `SELECT order_id AS "orderId", payment.status, captured, refunded,
            (SELECT count(*) FROM refund WHERE refund.order_id = payment.order_id AND refund.status = 'pending')
              AS "pendingRefunds"
       FROM payment WHERE ${ofRound('order_id')}`,
    [round],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

async function reservationsOf(system: System, round: string): Promise<Map<string, string>> {
  const rows = await rowsOf<{ order_id: string; status: string }>(
    system.databaseUrls.catalogue,
    `SELECT order_id, status FROM reservation WHERE ${ofRound('order_id')}`,
    [round],
  );
  return new Map(rows.map(({ order_id, status }) => [order_id, status]));
}

/** Σ = 0, balances are the sums of their entries, statements have no gaps, refunds come after their sales. */
async function booksAsAWhole({ databaseUrls }: System): Promise<string[]> {
  const rows = await rowsOf<{ line: string }>(
    databaseUrls.ledger,
    `WITH statement AS (
       SELECT account_id, account_version, amount, running_balance, journal_id,
              row_number() OVER numbered AS number, sum(amount) OVER numbered AS balance
         FROM entry WINDOW numbered AS (PARTITION BY account_id ORDER BY account_version)
     ), last AS (
       SELECT account_id, max(account_version) AS version, sum(amount) AS balance FROM entry GROUP BY account_id
     )
     SELECT 'all entries add up to ' || sum(amount) AS line FROM entry HAVING sum(amount) <> 0
     UNION ALL
     SELECT 'account ' || code || ': its balance is ' || account.balance || ', its entries add up to ' || last.balance
       FROM account JOIN last USING (account_id)
      WHERE account.balance <> last.balance OR account.version <> last.version
     UNION ALL
     SELECT 'account ' || account_id || ': a gap or a wrong running balance at version ' || account_version
       FROM statement WHERE account_version <> number OR running_balance <> balance
     UNION ALL
     SELECT 'journal ' || journal_id || ': ' || count(entry) || ' of ' || entries || ' entries'
       FROM journal LEFT JOIN entry USING (journal_id) GROUP BY journal_id HAVING count(entry) <> entries
     UNION ALL
     SELECT source_reference || ': stands before its sale on account ' || refund.account_id
       FROM journal JOIN entry AS refund USING (journal_id)
       JOIN entry AS sale ON sale.journal_id = journal.reverses AND sale.account_id = refund.account_id
      WHERE refund.account_version < sale.account_version
     UNION ALL
     SELECT reference || ': refused by the ledger, ' || reason FROM refused_event
     LIMIT 50`,
  );
  return rows.map(({ line }) => line);
}

/** What was taken of each lot is what orders hold or have bought, and never more than there is. */
async function lots({ databaseUrls }: System): Promise<string[]> {
  const rows = await rowsOf<{ line: string }>(
    databaseUrls.catalogue,
    `WITH taken AS (
       SELECT portion ->> 'lotId' AS lot_id, sum((portion ->> 'quantity')::int) AS pieces
         FROM reservation, jsonb_array_elements(lines) AS line, jsonb_array_elements(line -> 'portions') AS portion
        WHERE status IN ('held', 'committed') GROUP BY 1
     )
     SELECT 'lot ' || lot_id || ': ' || taken || ' of ' || quantity || ' taken, orders have ' || coalesce(pieces, 0) AS line
       FROM lot LEFT JOIN taken USING (lot_id)
      WHERE taken <> coalesce(pieces, 0) OR taken > quantity`,
  );
  return rows.map(({ line }) => line);
}

/** Outboxes are empty, nothing waits in the dead letters, every instance is a member of its group. */
async function machinery(system: System): Promise<string[]> {
  const lines: string[] = [];
  for (const service of SERVICES) {
    const [counts] = await rowsOf<{ outbox: string; letters: string }>(
      system.databaseUrls[service],
      `SELECT (SELECT count(*) FROM outbox) AS outbox,
              (SELECT count(*) FROM dead_letter WHERE resolved_at IS NULL) AS letters`,
    );
    if (counts?.outbox !== '0') lines.push(`${service}: ${counts?.outbox} events in the outbox`);
    if (counts?.letters !== '0') lines.push(`${service}: ${counts?.letters} dead letters`);
    for (const { name, address } of system.instances(service)) {
      if (!(await isReady(address))) lines.push(`${name}: its consumer or its database is not there`);
    }
  }
  const [rejected] = await rowsOf<{ count: string }>(
    system.databaseUrls.orders,
    'SELECT count(*) FROM rejected_checkout',
  );
  if (rejected?.count !== '0') lines.push(`orders: ${rejected?.count} checkouts rejected that were right`);
  return lines;
}

/** What of these orders is still under way, or undefined: cheap enough to ask again and again. */
export async function underWay(system: System, round: string, expected: Expected): Promise<string | undefined> {
  const [orders] = await rowsOf<{ known: string; open: string; refunds: string }>(
    system.databaseUrls.orders,
    `SELECT count(*) AS known, count(*) FILTER (WHERE open OR status = 'awaited') AS open,
            coalesce(sum(jsonb_array_length(state -> 'refunds')), 0) AS refunds
       FROM order_process WHERE ${ofRound('order_id')}`,
    [round],
  );
  const { checkouts, refunds } = expected;
  if (Number(orders?.known) < checkouts.size) return `orders knows ${orders?.known} of ${checkouts.size} orders`;
  if (orders?.open !== '0') return `orders has ${orders?.open} open orders`;
  if (Number(orders.refunds) < refunds.size) return `orders knows ${orders.refunds} of ${refunds.size} refunds`;
  const [catalogue] = await rowsOf<{ held: string }>(
    system.databaseUrls.catalogue,
    `SELECT count(*) AS held FROM reservation WHERE status = 'held'`,
  );
  if (catalogue?.held !== '0') return `catalogue holds goods of ${catalogue?.held} orders`;
  const [payments] = await rowsOf<{ pending: string }>(
    system.databaseUrls.payments,
    `SELECT (SELECT count(*) FROM payment WHERE status = 'pending')
          + (SELECT count(*) FROM refund WHERE status = 'pending') AS pending`,
  );
  if (payments?.pending !== '0') return `payments has ${payments?.pending} payments or refunds pending`;
  for (const service of SERVICES) {
    const [outbox] = await rowsOf<{ rows: string }>(
      system.databaseUrls[service],
      'SELECT count(*) AS rows FROM outbox',
    );
    if (outbox?.rows !== '0') return `${service} has ${outbox?.rows} events in its outbox`;
    for (const { address, name } of system.instances(service))
      if (!(await isReady(address))) return `${name} is not ready`;
  }
  return undefined;
}
