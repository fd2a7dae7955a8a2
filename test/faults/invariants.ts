/**
 * What must hold when everything has settled, whatever was done to the system before: each violation a line that says
 * which order, sale, account or lot.
 */
import { type Checkout, orderIdOf, saleIdOf, topics } from '#libs/contracts';
import { configuredKafka, connectKafka } from '#libs/messaging/kafka';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import {
  type Amounts,
  byPayee,
  type Expected,
  type ExpectedSale,
  isReceivable,
  nameOf,
  outcomeOf,
  pendingOf,
  priceOf,
  receivableOf,
  salesOf,
} from './expected.ts';
import { facilityOf } from './goods.ts';
import { discard, lettersOf } from './letters.ts';
import { isReady, rowsOf, type System } from './system.ts';

const LINES_MAX = 20;

interface OrderRow {
  orderId: string;
  status: string;
  reason: string | null;
  refunds: { refundId: string; lineRef: string; status: string; quantity: number; amount?: number }[];
}

interface JournalRow {
  reference: string;
  /** sale, refund; settlement, difference, release; held, held-cleared. */
  kind: string;
  /** Of which sale it is; null: of none. */
  saleId: string | null;
  /** By account. */
  amounts: Record<string, number>;
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
  /** Acknowledged checkouts without their outcome, sales without a journal, money that came to no bank, messages that are nowhere. */
  readonly lost: number;
  /** Sales or refunds that are in the books more than once, and money that came to a bank more than once. */
  readonly double: number;
  /** Orders, sales and refunds with another outcome or another amount than follows from what was sent. */
  readonly wrong: number;
}

/** What a round left in the four databases. */
export interface Left {
  readonly orders: ReadonlyMap<string, OrderRow>;
  readonly journals: readonly JournalRow[];
  /** Sales and refunds, by what they are about. */
  readonly posted: ReadonlyMap<string, readonly JournalRow[]>;
  readonly ofOrders: ReadonlyMap<string, readonly JournalRow[]>;
  readonly payments: ReadonlyMap<string, PaymentRow>;
  readonly reservations: ReadonlyMap<string, string>;
  readonly rejections: readonly Rejection[];
  /** Orders that were sent under an id of another one. */
  readonly reusedIds: readonly string[];
}

type Rejection = Expected['rejections'][number];

/** What an examination has found. */
export class Findings {
  readonly violations: string[] = [];
  /** What the books may hold: sales and refunds of orders that know of them. */
  readonly owed = new Set<string>();
  sales = 0;
  lost = 0;
  double = 0;
  wrong = 0;

  say(line: string): void {
    this.violations.push(line);
  }

  count(what: 'lost' | 'double' | 'wrong', line: string): void {
    this[what] += 1;
    this.say(line);
  }

  verdict(): Verdict {
    const { violations, sales, lost, double, wrong } = this;
    const rest = violations.length - LINES_MAX;
    const lines = rest > 0 ? [...violations.slice(0, LINES_MAX), `and ${rest} more`] : violations;
    return { violations: lines, sales, lost, double, wrong };
  }
}

/** Compares what a round left in the four databases with what was sent, and looks at the books as a whole. */
export async function examine(system: System, round: string, expected: Expected): Promise<Verdict> {
  const findings = new Findings();
  await judgeLetters(system, expected, findings);
  const left = await leftOf(system, round);
  for (const [orderId, checkout] of expected.checkouts) judgeOrder(orderId, checkout, expected, left, findings);
  for (const [refundId, refund] of expected.refunds) {
    const order = left.orders.get(orderIdOf(refund));
    const status = order?.refunds.find((kept) => kept.refundId === refundId)?.status;
    const isHeld = order?.status === 'placed' && status === 'returned'; // the buyer has it, and its goods are awaited
    if (status !== 'posted' && status !== 'rejected' && status !== 'unsold' && !isHeld)
      findings.count('lost', `refund ${refundId}: acknowledged, and ${status ?? 'unknown'}`);
  }
  judgeRejections(expected, left, findings);
  for (const two of expected.reusedIds)
    if (!two.some((orderId) => left.reusedIds.includes(orderId)))
      findings.count('lost', `orders ${two.join(' and ')}: that they have one id is not seen`);
  for (const [orderId, journals] of left.ofOrders) judgePaidOut(orderId, journals, expected, findings);
  for (const { orderRef, channel } of expected.settlements.values()) {
    const orderId = orderIdOf({ channel, orderRef });
    if (!left.ofOrders.has(orderId)) findings.count('lost', `order ${orderId}: what was paid out of it is in no book`);
  }
  for (const line of expected.misjudged) findings.count('wrong', line);
  for (const { reference, kind, amounts } of left.journals) {
    if (isPosting(kind) && !findings.owed.has(reference))
      findings.count('wrong', `${reference}: in the books, and no order knows of it`);
    const total = sumOf(Object.values(amounts));
    if (total !== 0) findings.say(`${reference}: its entries add up to ${total}`);
  }
  for (const lines of [booksAsAWhole, lots, machinery]) for (const line of await lines(system)) findings.say(line);
  return findings.verdict();
}

/** An order has the outcome and the amounts that follow from its checkout and its refunds. */
export function judgeOrder(
  orderId: string,
  checkout: Checkout,
  expected: Expected,
  left: Left,
  findings: Findings,
): void {
  const order = left.orders.get(orderId);
  const isSold = order?.status === 'credited' || order?.status === 'refunded';
  const isWaiting = order?.status === 'placed' && order.reason !== undefined && order.reason !== null;
  if (!order || (!isSold && !isWaiting && order.status !== 'cancelled')) {
    findings.count('lost', `order ${orderId}: acknowledged, and ${order?.status ?? 'unknown'}`);
    return;
  }
  const wrong = (line: string): void => findings.count('wrong', `order ${orderId}: ${line}`);

  // Nobody waits for the goods of a line whose units all went back before.
  const gone = order.refunds.filter(({ status }) => status === 'unsold' || status === 'returned');
  const lines = checkout.lines.filter(({ lineRef, quantity }) => unitsOf(gone, lineRef) < quantity);
  const outcome = outcomeOf({ ...checkout, lines });
  if (outcome !== 'open' && isSold !== (outcome === 'sold'))
    wrong(`is ${order.status} (${order.reason}), and must be ${outcome}`);

  const payment = left.payments.get(orderId);
  const kept = Number(payment?.captured ?? 0) - Number(payment?.refunded ?? 0);
  if (isWaiting) {
    // The channel has its money, but for what the buyer had back of it.
    const returned = sumOf(order.refunds.map(({ status, amount = 0 }) => (status === 'returned' ? amount : 0)));
    if (kept !== priceOf(checkout) - returned) wrong(`payments keep ${kept} of it while it waits for its goods`);
    const held = left.reservations.get(orderId);
    if (held !== 'waiting') findings.say(`order ${orderId}: waits for its goods, and these are ${held}`);
    return;
  }

  const asked = expected.unitsAskedFor(orderId);
  const refunds = order.refunds.filter(({ status }) => status === 'posted');
  // What had been given back before its goods were there is not sold; which units these are, is left to the system.
  const before = isSold ? order.refunds.filter(({ status }) => status === 'unsold') : [];
  const unsold = new Map<string, number>();
  for (const { lineRef, quantity } of checkout.lines) {
    const units = isSold ? Math.min(asked.get(lineRef) ?? 0, quantity) : 0;
    unsold.set(lineRef, unitsOf(before, lineRef));
    const found = unitsOf(refunds, lineRef) + unitsOf(before, lineRef);
    if (found !== units) wrong(`${found} units of line ${lineRef} given back, not ${units}`);
  }
  const isWhole = checkout.lines.every(({ lineRef, quantity }) => (asked.get(lineRef) ?? 0) >= quantity);
  if (isSold && isWhole !== (order.status === 'refunded')) wrong(`is ${order.status} after all of its refunds`);

  const told = expected.settlementsOf(orderId);
  const sales = isSold ? salesOf(checkout, asked, unsold, told) : new Map<string, ExpectedSale>();
  for (const [saleId, sale] of sales) {
    const refundIds = refunds.flatMap(({ refundId, lineRef }) =>
      saleOf(checkout, lineRef) === saleId ? [refundId] : [],
    );
    for (const id of [saleId, ...refundIds]) {
      findings.owed.add(id);
      const count = left.posted.get(id)?.length ?? 0;
      if (count !== 1) findings.count(count === 0 ? 'lost' : 'double', `${id}: in the books ${count} times`);
    }
    const soldAs = amountsOf(left.posted.get(saleId));
    const backAs = amountsOf(refundIds.flatMap((id) => left.posted.get(id) ?? []));
    for (const line of [...differences(sale, 'sold', soldAs), ...differences(sale, 'givenBack', backAs)])
      findings.count('wrong', `${saleId}: ${line}`);
    if (outcomeOf(checkout) === 'sold') judgeSettled(saleId, sale, checkout, expected, left, findings);
  }
  if (isSold)
    for (const [account, amount] of amountsOf(left.ofOrders.get(orderId)))
      if (UNALLOCATED_MONEY.test(account) && amount !== 0) wrong(`is credited, and ${amount} stay in ${account}`);
  findings.sales += sales.size;

  const back = sumOf([...refunds, ...before].map(({ amount = 0 }) => amount));
  const owes = sumOf(
    [...sales.values()].flatMap(({ sold, givenBack }) => [receivableOf(sold), receivableOf(givenBack)]),
  );
  const paid = isSold ? priceOf(checkout) : 0;
  if (kept !== owes || paid - back !== owes)
    wrong(`payments keep ${kept}, orders thinks ${paid - back}, and the channel owes ${owes}`);
  if (payment?.status === 'pending' || Number(payment?.pendingRefunds ?? 0) > 0)
    findings.say(`order ${orderId}: its payment is not over (${payment?.status})`);

  const reservation = left.reservations.get(orderId);
  const wanted = isSold ? ['committed'] : ['released', 'rejected', undefined];
  if (!wanted.includes(reservation))
    findings.say(`order ${orderId}: ${order.status}, and its goods are ${reservation}`);
}

/** What its channel paid out of a sale is booked, and it is released when that is all of it and nothing of it is disputed. */
function judgeSettled(
  saleId: string,
  sale: ExpectedSale,
  checkout: Checkout,
  expected: Expected,
  left: Left,
  findings: Findings,
): void {
  const orderId = orderIdOf(checkout);
  const journals = (left.ofOrders.get(orderId) ?? []).filter((journal) => journal.saleId === saleId);
  const booked = amountsOf(journals.filter(({ kind }) => !isPosting(kind)));
  for (const line of differences(sale, 'paidOut', booked)) findings.count('wrong', `${saleId}: ${line}`);
  if (checkout.channel === 'toko-sandbox') return; // what our own shop sells is released by its return window
  const isDisputed = [...expected.disputedLines(orderId)].some((lineRef) => saleOf(checkout, lineRef) === saleId);
  const wanted = sale.isSettled && !isDisputed ? 0 : sale.pending;
  const found = sumOf(journals.map(({ amounts }) => pendingOf(amounts)));
  if (found !== wanted) findings.count('wrong', `${saleId}: ${found} of it are pending, not ${wanted}`);
}

/** What banks had of an order, and the state for us, is what was told: once, whoever is credited for it, or nobody. */
export function judgePaidOut(
  orderId: string,
  journals: readonly JournalRow[],
  expected: Expected,
  findings: Findings,
): void {
  const told = expected.settlementsOf(orderId);
  const amounts = amountsOf(journals);
  for (const [account, field] of [
    [/^bank:/, 'paidOut'],
    [/^tax:pph22-withheld@/, 'withheldTax'],
  ] as const) {
    const wanted = sumOf(told.map((settlement) => settlement[field]));
    const found = sumOf([...amounts].map(([payee, amount]) => (account.test(payee) ? amount : 0)));
    if (found === wanted) continue;
    const what = found === 0 ? 'lost' : found === 2 * wanted ? 'double' : 'wrong';
    findings.count(what, `order ${orderId}: ${found} of it in ${account.source}, not ${wanted}`);
  }
}

/** What is sold and given back; all else says what becomes of its money. */
const isPosting = (kind: string): boolean => kind === 'sale' || kind === 'refund';

function unitsOf(refunds: OrderRow['refunds'], ofLine: string): number {
  return sumOf(refunds.map(({ lineRef, quantity }) => (lineRef === ofLine ? quantity : 0)));
}

/** Everything that breaks a rule can be seen, once, and nothing came of it. */
function judgeRejections(expected: Expected, { orders, rejections }: Left, findings: Findings): void {
  const invalid = new Set(
    expected.rejections.flatMap(({ orderId, reason }) => (reason === 'invalid' ? [orderId] : [])),
  );
  for (const { orderId, status } of orders.values()) {
    if (expected.checkouts.has(orderId)) continue;
    if (!invalid.has(orderId)) findings.count('wrong', `order ${orderId}: nobody sent its checkout`);
    else if (status !== 'rejected') findings.count('wrong', `order ${orderId}: breaks a rule, and is ${status}`);
  }
  const named = ({ orderId, reason }: Rejection): string => `${orderId}: ${reason}`;
  const [wanted, found] = [Map.groupBy(expected.rejections, named), Map.groupBy(rejections, named)];
  for (const name of new Set([...wanted.keys(), ...found.keys()])) {
    const [times, due] = [found.get(name)?.length ?? 0, wanted.get(name)?.length ?? 0];
    if (times !== due)
      findings.count(times < due ? 'lost' : 'wrong', `order ${name}: rejected ${times} times, not ${due}`);
  }
}

/** Whatever nobody can read is listed, can be shown, and is given up: then the next round begins without it. */
async function judgeLetters(system: System, expected: Expected, findings: Findings): Promise<void> {
  const missing = new Map(expected.letters);
  for (const service of SERVICES) {
    for (const { id, cause, message } of await lettersOf(system, service)) {
      const place = nameOf(message);
      if (expected.letters.has(place)) await discard(system, service, id);
      else findings.say(`${service}: dead letter ${place}, key ${JSON.stringify(message.key)}: ${cause}`);
      missing.delete(place);
    }
  }
  for (const [place, what] of missing) findings.count('lost', `${what} (${place}): among no dead letters`);
}

function saleOf(checkout: Checkout, lineRef: string): string {
  const sku = checkout.lines.find((line) => line.lineRef === lineRef)?.sku ?? '';
  return saleIdOf(orderIdOf(checkout), facilityOf(sku) ?? '');
}

/** What differs, as far as it is certain. */
function differences(sale: ExpectedSale, what: 'sold' | 'givenBack' | 'paidOut', found: Amounts): string[] {
  const wanted = sale[what];
  return [...new Set([...wanted.keys(), ...found.keys()])]
    .filter((payee) => sale.isCertain || isReceivable(payee))
    .filter((payee) => what !== 'paidOut' || sale.isSettled || !KEPT.test(payee))
    .filter((payee) => (wanted.get(payee) ?? 0) !== (found.get(payee) ?? 0))
    .map((payee) => `${what} ${payee} ${found.get(payee) ?? 0}, not ${wanted.get(payee) ?? 0}`);
}

function amountsOf(journals: readonly JournalRow[] = []): Amounts {
  const amounts = new Map<string, number>();
  for (const journal of journals) {
    for (const [payee, amount] of byPayee(journal.amounts)) amounts.set(payee, (amounts.get(payee) ?? 0) + amount);
  }
  return amounts;
}

/** What is held, wherever, and everything in the book of nobody. */
const UNALLOCATED_MONEY = /:unallocated@|@unallocated$/;

/** Where what was kept of a part goes hangs on what was expected just then; together they are what remains of it. */
const KEPT = /^channel:.*:(fees|shipping|variance)@/;

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

async function leftOf(system: System, round: string): Promise<Left> {
  const [orders, journals, payments, reservations, rejections, reusedIds] = await Promise.all([
    ordersOf(system, round),
    journalsOf(system, round),
    paymentsOf(system, round),
    reservationsOf(system, round),
    rejectionsOf(system, round),
    reusedIdsOf(system, round),
  ]);
  const posted = Map.groupBy(
    journals.filter(({ kind }) => isPosting(kind)),
    ({ reference }) => reference,
  );
  const ofOrders = Map.groupBy(journals, ({ reference }) => OF_ORDER.exec(reference)?.[0] ?? reference);
  return { orders, journals, posted, ofOrders, payments, reservations, rejections, reusedIds };
}

/** The order's id, with which everything begins that is posted of it. */
const OF_ORDER = /^[^/]+\/[a-z0-9-]+/;

/** Ids of a round, on both channels, as a condition on a column; its references begin with the round's name. */
const ofRound = (column: string): string =>
  `(starts_with(${column}, 'blanja/' || $1 || '-') OR starts_with(${column}, 'toko-sandbox/' || $1 || '-'))`;

async function ordersOf(system: System, round: string): Promise<Map<string, OrderRow>> {
  const rows = await rowsOf<OrderRow>(
    system.databaseUrls.orders,
    `SELECT order_id AS "orderId", status, reason, state -> 'refunds' AS refunds
       FROM order_process WHERE ${ofRound('order_id')}`,
    [round],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

function journalsOf(system: System, round: string): Promise<JournalRow[]> {
  return rowsOf(
    system.databaseUrls.ledger,
    `SELECT reference, kind, "saleId", coalesce(json_object_agg(code, amount) FILTER (WHERE code IS NOT NULL), '{}') AS amounts
       FROM (SELECT journal.journal_id, journal.source_reference AS reference, journal.kind, code, sum(amount) AS amount,
                    coalesce(journal.source ->> 'saleId', undone.source ->> 'saleId') AS "saleId"
               FROM journal LEFT JOIN entry USING (journal_id) LEFT JOIN account USING (account_id)
               LEFT JOIN journal AS undone ON undone.journal_id = journal.reverses
              WHERE ${ofRound('journal.source_reference')}
              GROUP BY journal.journal_id, undone.journal_id, code) AS moved
      GROUP BY journal_id, reference, kind, "saleId"`,
    [round],
  );
}

function rejectionsOf(system: System, round: string): Promise<Rejection[]> {
  return rowsOf(
    system.databaseUrls.orders,
    `SELECT order_id AS "orderId", reason FROM rejected_checkout WHERE ${ofRound('order_id')}`,
    [round],
  );
}

async function reusedIdsOf(system: System, round: string): Promise<string[]> {
  const rows = await rowsOf<{ key: string }>(
    system.databaseUrls.orders,
    `SELECT key FROM reused_event_id WHERE ${ofRound('key')}`,
    [round],
  );
  return rows.map(({ key }) => key);
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
     SELECT 'lot ' || lot_id || ': ' || taken || ' of ' || quantity + adjusted || ' taken, orders have ' || coalesce(pieces, 0) AS line
       FROM lot LEFT JOIN taken USING (lot_id)
      WHERE taken <> coalesce(pieces, 0) OR taken > quantity + adjusted`,
  );
  return rows.map(({ line }) => line);
}

/** Outboxes are empty, every instance is a member of its group. */
async function machinery(system: System): Promise<string[]> {
  const lines: string[] = [];
  for (const service of SERVICES) {
    const unsent = await unsentOf(system, service);
    if (unsent > 0) lines.push(`${service}: ${unsent} events in the outbox`);
    for (const { name, address } of system.instances(service)) {
      if (!(await isReady(address))) lines.push(`${name}: its consumer or its database is not there`);
    }
  }
  return lines;
}

/** What of these orders is still under way, or undefined: cheap enough to ask again and again. */
export async function underWay(system: System, round: string, expected: Expected): Promise<string | undefined> {
  const [orders] = await rowsOf<Record<'known' | 'open' | 'refunds' | 'disputes' | 'closed' | 'rejected', string>>(
    system.databaseUrls.orders,
    `SELECT count(*) FILTER (WHERE status <> 'rejected') AS known,
            count(*) FILTER (WHERE open AND NOT (status = 'placed' AND state ? 'reason') OR status = 'awaited') AS open,
            coalesce(sum(jsonb_array_length(state -> 'refunds')), 0) AS refunds,
            coalesce(sum(jsonb_array_length(state -> 'disputes')), 0) AS disputes,
            coalesce(sum(jsonb_array_length(jsonb_path_query_array(state, '$.disputes[*] ? (@.status != "open")'))), 0) AS closed,
            (SELECT count(*) FROM rejected_checkout WHERE ${ofRound('order_id')}) AS rejected
       FROM order_process WHERE ${ofRound('order_id')}`,
    [round],
  );
  const { checkouts, refunds, disputes, rejections, letters } = expected;
  if (Number(orders?.known) < checkouts.size) return `orders knows ${orders?.known} of ${checkouts.size} orders`;
  if (orders?.open !== '0') return `orders has ${orders?.open} open orders`;
  if (Number(orders.refunds) < refunds.size) return `orders knows ${orders.refunds} of ${refunds.size} refunds`;
  if (Number(orders.disputes) < disputes.size) return `orders knows ${orders.disputes} of ${disputes.size} disputes`;
  const closed = [...disputes.values()].filter((dispute) => 'outcome' in dispute).length;
  if (Number(orders.closed) < closed) return `orders knows the end of ${orders.closed} of ${closed} disputes`;
  if (Number(orders.rejected) < rejections.length) return `orders rejected ${orders.rejected} of ${rejections.length}`;
  const [buried] = await rowsOf<{ letters: string }>(
    system.databaseUrls.orders,
    'SELECT count(*) AS letters FROM dead_letter WHERE resolved_at IS NULL',
  );
  if (Number(buried?.letters) < letters.size) return `orders has ${buried?.letters} of ${letters.size} dead letters`;
  const [catalogue] = await rowsOf<{ held: string }>(
    system.databaseUrls.catalogue,
    `SELECT count(*) AS held FROM reservation WHERE status = 'held' AND ${ofRound('order_id')}`,
    [round],
  );
  if (catalogue?.held !== '0') return `catalogue holds goods of ${catalogue?.held} orders`;
  const [payments] = await rowsOf<{ pending: string }>(
    system.databaseUrls.payments,
    `SELECT (SELECT count(*) FROM payment WHERE status = 'pending')
          + (SELECT count(*) FROM refund WHERE status = 'pending') AS pending`,
  );
  if (payments?.pending !== '0') return `payments has ${payments?.pending} payments or refunds pending`;
  for (const service of SERVICES) {
    const unsent = await unsentOf(system, service);
    if (unsent > 0) return `${service} has ${unsent} events in its outbox`;
    for (const { address, name } of system.instances(service))
      if (!(await isReady(address))) return `${name} is not ready`;
  }
  if (expected.settlements.size === 0) return undefined;
  // What was paid out goes from payments to orders to the books, and nobody answers that.
  for (const [service, topic] of [
    ['orders', topics.payment.name],
    ['ledger', topics.sale.name],
  ] as const) {
    const unheard = await unheardOf(system, service, topic);
    if (unheard > 0n) return `${service} has not heard ${unheard} messages of ${topic}`;
    const unsent = await unsentOf(system, service);
    if (unsent > 0) return `${service} has ${unsent} events in its outbox`;
  }
  return undefined;
}

async function unsentOf(system: System, service: Service): Promise<number> {
  const [outbox] = await rowsOf<{ rows: string }>(system.databaseUrls[service], 'SELECT count(*) AS rows FROM outbox');
  return Number(outbox?.rows);
}

/** Messages of a topic of which a service's database has no effects yet. */
async function unheardOf(system: System, service: Service, topic: string): Promise<bigint> {
  const admin = connectKafka('auditor', configuredKafka(system.kafka.administrator)).admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const heard = await rowsOf<{ partition: number; next: string }>(
      system.databaseUrls[service],
      'SELECT partition, next_offset AS next FROM consumed_position WHERE consumer = $1 AND topic = $2',
      [service, topic],
    );
    const nextOf = new Map(heard.map(({ partition, next }) => [partition, BigInt(next)]));
    return ends.reduce((sum, { partition, high }) => sum + BigInt(high) - (nextOf.get(partition) ?? 0n), 0n);
  } finally {
    await admin.disconnect();
  }
}
