/** The demo of `npm start`: a small catalogue, one sale, and how it was shared. Another start tells what is new since. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkout, checkoutCompleted, marketplaceOf, topicOf, topics } from '#libs/contracts';
import { configuredKafka, KafkaBroker, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { authorizationOf } from '../identity/command-token.ts';
import type { KafkaUsers } from '../local/kafka/users.ts';
import type { Service } from '../local/services.ts';
import { type Explanation, rupiah, sharingTable } from './sharing-table.ts';

/** Marketplaces and shops that orders knows from its beginning. */
export const DEMO_CHANNELS = ['blanja', 'toko-sandbox'];

interface RunningStack {
  kafka: KafkaUsers;
  /** `http://host:port` of each service. */
  addresses: Record<Service, string>;
}

interface Order {
  readonly status: string;
  readonly reason?: string;
  readonly placedAt: string;
  readonly amount: number;
  readonly sales: readonly { readonly facilityId: string; readonly journalId?: string }[];
}

const CATALOGUE = new URL('catalogue/', import.meta.url);
const CHECKOUT = new URL('checkout.json', import.meta.url);
const CREDIT_DEADLINE_MS = 60_000;

/** The demo imports as one of its persons, and reads as another. */
const AUTHORIZATIONS = {
  catalogue: authorizationOf('catalogue', 'administrator'),
  orders: authorizationOf('orders', 'auditor'),
  payments: authorizationOf('payments', 'auditor'),
  ledger: authorizationOf('ledger', 'auditor'),
} satisfies Record<Service, () => Promise<string>>;

/** How many journals each facility's books have. */
type Standing = readonly { readonly facilityId: string; readonly number: number }[];

/**
 * Loads the demo catalogue, sends one checkout to Kafka as a marketplace would, and prints how the sale was shared; if it
 * was here before, what was posted since the start before this one. What goes otherwise than in the book is told, not
 * thrown: the services run.
 * @param standingFile keeps where the books stood
 */
export async function runDemo(stack: RunningStack, standingFile: string): Promise<void> {
  const facilities = await loadCatalogue(stack);
  await sellOrFind(stack, facilities, standingFile);
  await writeFile(standingFile, JSON.stringify(await standing(stack)));
}

async function sellOrFind(stack: RunningStack, facilities: Map<string, string>, standingFile: string): Promise<void> {
  const checkout: Omit<Checkout, 'placedAt'> = JSON.parse(await readFile(CHECKOUT, 'utf8'));
  const orderId = `${checkout.channel}/${checkout.orderRef}`;
  const path = `orders/${orderId}`;

  const earlier = await get<Order>(stack, 'orders', path);
  if (!earlier) await send(stack, { ...checkout, placedAt: new Date().toISOString() });
  const order = await untilFinal(stack, path);
  if (order?.status !== 'credited' && order?.status !== 'refunded') {
    console.log(
      `The demo order ${orderId} is ${order?.status ?? 'not there'}${order?.reason ? `: ${order.reason}` : ''}.`,
    );
    return;
  }
  if (earlier) {
    const at = order.sales.map(({ journalId }) => `  ${stack.addresses.ledger}/v1/journals/${journalId}/explanation`);
    console.log(
      `\nThe demo sale ${orderId} was made at an earlier start (${order.placedAt.slice(0, 10)}). How it was shared:`,
    );
    console.log(at.join('\n'));
    console.log(await newsSince(stack, facilities, standingFile));
    return;
  }
  console.log(`\nThe demo checkout ${orderId} came over Kafka. Its ${rupiah(order.amount)} were shared so:`);
  for (const { facilityId, journalId } of order.sales) {
    const explanation = await get<Explanation>(stack, 'ledger', `journals/${journalId}/explanation`);
    if (!explanation) throw new Error(`journal ${journalId} of ${orderId} is not in the ledger`);
    const facility = facilities.get(facilityId) ?? facilityId;
    console.log(`\n${sharingTable(explanation, facility, await balances(stack, explanation))}`);
  }
}

/** What was posted since the books stood as the file says. */
async function newsSince(stack: RunningStack, facilities: Map<string, string>, standingFile: string): Promise<string> {
  const before: Standing = existsSync(standingFile) ? JSON.parse(await readFile(standingFile, 'utf8')) : [];
  const seen = new Map(before.map(({ facilityId, number }) => [facilityId, number]));
  const news = (await standing(stack)).flatMap(({ facilityId, number }) => {
    const posted = number - (seen.get(facilityId) ?? 0);
    return posted > 0 ? [`  ${posted.toLocaleString('id-ID')} at ${facilities.get(facilityId) ?? facilityId}`] : [];
  });
  return news.length > 0
    ? `Journals posted since the last start:\n${news.join('\n')}`
    : 'Nothing has been posted since the last start.';
}

async function standing(stack: RunningStack): Promise<Standing> {
  const checkpoint = await get<{ heads: Standing }>(stack, 'ledger', 'audit/checkpoint');
  return (checkpoint?.heads ?? []).map(({ facilityId, number }) => ({ facilityId, number }));
}

/** Imports the files; the same files again change nothing. @returns names of the facilities by id */
async function loadCatalogue(stack: RunningStack): Promise<Map<string, string>> {
  const names = await readdir(CATALOGUE);
  const texts = names.map(async (name) => [name, await readFile(new URL(name, CATALOGUE), 'utf8')]);
  const response = await fetch(`${stack.addresses.catalogue}/v1/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await AUTHORIZATIONS.catalogue() },
    body: JSON.stringify({ files: Object.fromEntries(await Promise.all(texts)), dryRun: false }),
  });
  if (!response.ok) console.log(`The demo catalogue was refused: ${await response.text()}`);
  const page = await get<{ items: { facilityId: string; name: string }[] }>(
    stack,
    'catalogue',
    'facilities?limit=1000',
  );
  return new Map(page?.items.map(({ facilityId, name }) => [facilityId, name]));
}

async function send({ kafka }: RunningStack, checkout: Checkout): Promise<void> {
  const address = configuredKafka({ ...process.env, ...kafka.as(marketplaceOf(checkout.channel)) });
  const publisher = new KafkaBroker('demo-marketplace', address).publisher();
  await publisher.publish([toMessage(newEvent(checkoutCompleted, checkout, { correlationId: newId() }))]);
  await publisher.close();
}

/** How somebody else's program sends what the demo has sent. */
export function howToSend({ as }: KafkaUsers): string {
  const { KAFKA_USERNAME: user, KAFKA_PASSWORD_FILE: file } = as(marketplaceOf('blanja'));
  const who = user
    ? ` as ${user} (SCRAM-SHA-512 over SASL_PLAINTEXT, its password is in ${relative('', file ?? '')})`
    : '';
  return `  ${' '.repeat(10)} checkouts of blanja to ${topicOf(topics.checkout, 'blanja').name}${who}`;
}

/** The order once nothing more happens to it by itself. */
async function untilFinal(stack: RunningStack, path: string): Promise<Order | undefined> {
  const deadline = Date.now() + CREDIT_DEADLINE_MS;
  for (;;) {
    const order = await get<Order>(stack, 'orders', path);
    const isFinal = order && order.status !== 'placed' && order.status !== 'paid';
    if (isFinal || Date.now() > deadline) return order;
    await sleep(50);
  }
}

async function balances(stack: RunningStack, { posted }: Explanation): Promise<Map<string, number>> {
  const accounts = [...new Set(posted.map(({ account }) => account))];
  const found = accounts.map(async (account) => {
    const { balance = 0 } =
      (await get<{ balance: number }>(stack, 'ledger', `accounts/${encodeURIComponent(account)}`)) ?? {};
    return [account, balance] as const;
  });
  return new Map(await Promise.all(found));
}

/** Undefined: there is none. */
async function get<T>({ addresses }: RunningStack, service: Service, path: string): Promise<T | undefined> {
  const response = await fetch(`${addresses[service]}/v1/${path}`, {
    headers: { authorization: await AUTHORIZATIONS[service]() },
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${service} answers ${response.status} to ${path}: ${await response.text()}`);
  return (await response.json()) as T;
}
