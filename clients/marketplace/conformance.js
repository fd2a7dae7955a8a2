#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventOf, outcomes, PasindoError, send, toKafka } from './index.js';

const USAGE = `Tries a marketplace's way of sending, whatever a marketplace may send, and compares every outcome.

  pasindo-conformance --url URL --channel CHANNEL --sku SKU [--over http|webhook|kafka] [-n 200] [--seed 1] [--wait 60]
                      [--secret-file FILE] [--kafka HOST:PORT --password-file FILE]

A token of the channel is in PASINDO_TOKEN. --wait: so many seconds for the last outcome. Only a channel whose terms say sandbox is tried: what is sold is sold.
--over kafka needs kafkajs beside this package. Exit code: 0 all as expected, 1 something differs, 2 not tried.`;

const CHECKOUT = 'marketplace.checkout-completed.v1';
const REFUND = 'marketplace.checkout-refunded.v1';
const CANCELLATION = 'marketplace.checkout-cancelled.v1';
const SHIPMENT = 'marketplace.checkout-shipped.v1';
const DELIVERY = 'marketplace.checkout-delivered.v1';
const DISPUTE = 'marketplace.checkout-disputed.v1';
const CLOSING = 'marketplace.checkout-dispute-closed.v1';

/** What a run of each kind sends of one order, and what has to become of it. */
const KINDS = {
  valid: (order) => ({ sends: [checkoutOf(order)], answers: ['accepted'], status: 'credited' }),
  repeated: (order) => {
    const checkout = checkoutOf(order);
    return {
      sends: [checkout, checkout, checkout],
      answers: ['accepted', 'duplicate', 'duplicate'],
      status: 'credited',
    };
  },
  'said again': (order) => ({
    ...{ sends: [checkoutOf(order), { ...checkoutOf(order), id: randomUUID() }], answers: ['accepted', 'duplicate'] },
    status: 'credited',
  }),
  'refund first': (order, over) => {
    const [refund, checkout] = [refundOf(order, 'R-1', 1), checkoutOf(order)];
    const refunds = { 'R-1': 'refunded' };
    if (over !== 'http') {
      return { sends: [refund, checkout], answers: ['taken', 'accepted'], status: 'partly-refunded', refunds };
    }
    const sends = [refund, checkout, { ...refund, id: randomUUID() }]; // where one asks, there has to be an order
    return { sends, answers: ['404', 'accepted', 'taken'], status: 'partly-refunded', refunds };
  },
  'id used again': (order, over) => {
    const other = { ...order, orderRef: `${order.orderRef}-b` };
    const [one, two] = [checkoutOf(order), { ...checkoutOf(other), id: checkoutOf(order).id }];
    return { sends: [one, two], answers: ['accepted', over === 'http' ? '422' : 'accepted'], status: 'credited' };
  },
  invalid: (order, over) => {
    const wrong = checkoutOf(order, { lines: [{ ...lineOf(order), quantity: 0 }] });
    if (over === 'http') return { sends: [wrong], answers: ['400'] };
    return { sends: [wrong], answers: ['invalid'], status: 'rejected', reason: 'invalid' };
  },
  'other content': (order, over) => ({
    ...{ sends: [checkoutOf(order), { ...checkoutOf(order, { shipping: 1 }), id: randomUUID() }], status: 'credited' },
    ...{ answers: ['accepted', over === 'http' ? '409' : 'conflict'], refused: 'conflict' },
  }),
  'unknown SKU': (order) => ({
    sends: [checkoutOf(order, { lines: [{ ...lineOf(order), sku: `nothing-${order.orderRef}` }] })],
    ...{ answers: ['accepted'], status: ['awaiting-goods', 'cancelled'], reason: 'unknown-sku' },
  }),
  'refund too large': (order) => ({
    ...{ sends: [checkoutOf(order), refundOf(order, 'R-1', 3)], answers: ['accepted', 'taken'] },
    ...{ status: 'credited', refunds: { 'R-1': 'refund-exceeds-sale' } },
  }),
  'given back whole': (order) => ({
    sends: [checkoutOf(order), refundOf(order, 'R-1', 1), refundOf(order, 'R-2', 1)],
    ...{
      answers: ['accepted', 'taken', 'taken'],
      status: 'refunded',
      refunds: { 'R-1': 'refunded', 'R-2': 'refunded' },
    },
  }),
  cancelled: (order) => ({
    ...{ sends: [checkoutOf(order), cancellationOf(order, 'C-1', 1), shipmentOf(order, 1)], status: 'partly-refunded' },
    ...{ answers: ['accepted', 'taken', 'taken'], refunds: { 'C-1': 'refunded' }, lines: '1: 1 shipped, 0 delivered' },
  }),
  'cancelled too late': (order) => ({
    ...{ sends: [checkoutOf(order), shipmentOf(order, 2), cancellationOf(order, 'C-1', 1)], status: 'shipped' },
    ...{ answers: ['accepted', 'taken', 'taken'], refunds: { 'C-1': 'already-shipped' } },
    lines: '1: 2 shipped, 0 delivered',
  }),
  'dispute won': (order) => ({
    ...{ sends: [checkoutOf(order), disputeOf(order, 'D-1', 2), closingOf(order, 'D-1', 2, 'seller')] },
    ...{ answers: ['accepted', 'taken', 'taken'], status: 'credited', disputes: { 'D-1': 'seller' } },
  }),
  'dispute lost': (order) => {
    const dispute = disputeOf(order, 'D-1', 2);
    return {
      sends: [checkoutOf(order), dispute, closingOf(order, 'D-1', 1, 'buyer'), { ...dispute, id: randomUUID() }],
      ...{ answers: ['accepted', 'taken', 'taken', 'duplicate'], status: 'partly-refunded' },
      ...{ refunds: { 'D-1': 'refunded' }, disputes: { 'D-1': 'buyer' } },
    };
  },
  delivered: (order) => ({
    ...{ sends: [checkoutOf(order), deliveryOf(order, 1), deliveryOf(order, 2), shipmentOf(order, 1)] },
    ...{ answers: ['accepted', 'taken', 'taken', 'taken'], status: 'delivered', lines: '1: 2 shipped, 2 delivered' },
  }),
};

const PLACED_AT = new Date().toISOString();
const lineOf = ({ sku }) => ({ lineRef: '1', sku, quantity: 2, unitPrice: 150_000 });

function checkoutOf(order, more = {}) {
  const { channel, orderRef } = order;
  const checkout = { channel, orderRef, placedAt: PLACED_AT, lines: [lineOf(order)], ...more };
  return eventOf(CHECKOUT, checkout, { id: `${orderRef}-checkout` });
}

function refundOf({ channel, orderRef }, refundRef, quantity, type = REFUND) {
  const refund = { channel, orderRef, lineRef: '1', refundRef, quantity, requestedAt: PLACED_AT };
  return eventOf(type, refund, { id: `${orderRef}-${refundRef}` });
}

const cancellationOf = (order, refundRef, quantity) => refundOf(order, refundRef, quantity, CANCELLATION);

function shipmentOf({ channel, orderRef }, shipped) {
  return eventOf(SHIPMENT, { channel, orderRef, lineRef: '1', shipped }, { id: `${orderRef}-shipped-${shipped}` });
}

function deliveryOf({ channel, orderRef }, delivered) {
  const delivery = { channel, orderRef, lineRef: '1', delivered };
  return eventOf(DELIVERY, delivery, { id: `${orderRef}-delivered-${delivered}` });
}

function disputeOf({ channel, orderRef }, disputeRef, quantity) {
  return eventOf(
    DISPUTE,
    { channel, orderRef, lineRef: '1', disputeRef, quantity },
    { id: `${orderRef}-${disputeRef}` },
  );
}

function closingOf({ channel, orderRef }, disputeRef, quantity, outcome) {
  const closing = { channel, orderRef, lineRef: '1', disputeRef, quantity, outcome, closedAt: PLACED_AT };
  return eventOf(CLOSING, closing, { id: `${orderRef}-${disputeRef}-${outcome}` });
}

/** Where each is asked for with a token, beside checkouts: of an order. */
const NOUNS = {
  [REFUND]: 'refunds',
  [CANCELLATION]: 'cancellations',
  [SHIPMENT]: 'shipments',
  [DELIVERY]: 'deliveries',
  [DISPUTE]: 'disputes',
  [CLOSING]: 'dispute-closings',
};

/** Numbers below 1 that are the same for a seed (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** By each way: what became of it, as far as the way tells; undefined where it does not. */
const WAYS = {
  webhook: async ({ url, secret }) => ({ say: async (event) => (await send(event, { url, secret })).outcome }),
  http: async ({ url, token }) => ({
    say: async ({ id, type, data: { channel, orderRef, requestedAt: _, closedAt: __, ...data } }) => {
      const order = `${channel}/${encodeURIComponent(orderRef)}`;
      const path = type === CHECKOUT ? 'checkouts' : `orders/${order}/${NOUNS[type]}`;
      const body = type === CHECKOUT ? { channel, orderRef, ...data } : data;
      const ask = () =>
        fetch(new URL(`/v1/${path}`, url), {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': id },
          body: JSON.stringify(body),
        });
      let response = await ask();
      for (; response.status === 429; response = await ask()) await sleep(1_000);
      const answer = await response.json();
      return response.ok ? answer.outcome : String(response.status);
    },
    // The same request is answered as it was the first time.
    repeats: 'accepted',
  }),
  kafka: async ({ kafka, channel, password }) => {
    const { Kafka, logLevel } = (await import('kafkajs')).default;
    const user = password && { mechanism: 'scram-sha-512', username: `mp-${channel}`, password };
    const client = new Kafka({ brokers: kafka.split(','), logLevel: logLevel.NOTHING, ...(user && { sasl: user }) });
    const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect().catch(({ message }) => {
      const how = password ? '' : ' Without --password-file nobody is named, which few let in.';
      return refuse(`Kafka at ${kafka} does not take mp-${channel}: ${message}.${how}`);
    });
    return {
      say: async (event) => {
        const { topic, ...message } = toKafka(event);
        await producer.send({ topic, acks: -1, messages: [message] });
      },
      close: () => producer.disconnect(),
    };
  },
};

function given() {
  try {
    return parseArgs({
      options: {
        ...{
          wait: { type: 'string', default: '60' },
          url: { type: 'string' },
          channel: { type: 'string' },
          sku: { type: 'string' },
          kafka: { type: 'string' },
        },
        ...{ over: { type: 'string', default: 'webhook' }, number: { type: 'string', short: 'n', default: '200' } },
        ...{
          seed: { type: 'string', default: '1' },
          'secret-file': { type: 'string' },
          'password-file': { type: 'string' },
        },
      },
    }).values;
  } catch {
    return refuse(USAGE);
  }
}

async function main() {
  const values = given();
  const { url, channel, sku, over, kafka = '127.0.0.1:29092' } = values;
  const token = process.env.PASINDO_TOKEN ?? '';
  const hasSecret = over !== 'webhook' || values['secret-file'] !== undefined;
  if (!url || !channel || !sku || !token || !(over in WAYS) || !hasSecret) return refuse(USAGE);
  await requireSandbox(url, channel, token);
  const secretOf = (file) => file && readFileSync(file, 'utf8').trim().split(/\s+/)[0];
  const [secret, password] = [secretOf(values['secret-file']), secretOf(values['password-file'])];
  const way = await WAYS[over]({ url, channel, token, secret, kafka, password });

  const begin = await endOf({ url, channel, token });
  const random = randomOf(Number(values.seed));
  const names = Object.keys(KINDS);
  const run = randomUUID().slice(0, 8);
  const cases = Array.from({ length: Number(values.number) }, (_, index) => {
    const kind = index < names.length ? names[index] : names[Math.floor(random() * names.length)];
    return {
      kind,
      orderRef: `conf-${run}-${index}`,
      ...KINDS[kind]({ channel, sku, orderRef: `conf-${run}-${index}` }, over),
    };
  });
  const wrong = new Map();
  const differs = ({ orderRef, kind }, what) => wrong.set(orderRef, [...(wrong.get(orderRef) ?? [`${kind}:`]), what]);
  await inTurns(cases, async (each) => {
    for (const [index, event] of each.sends.entries()) {
      const answer = await way.say(event).catch((error) => `${error instanceof PasindoError ? error.status : error}`);
      const expected = each.answers[index];
      const isRepeat = each.sends.indexOf(event) < index;
      const wanted = isRepeat && way.repeats ? [expected, way.repeats] : [expected];
      if (answer !== undefined && !wanted.includes(answer))
        differs(each, `answered ${answer}, not ${wanted.join(' or ')}`);
    }
  });
  await way.close?.();

  const told = await untilTold({ url, channel, token, after: begin }, cases, Number(values.wait) * 1_000);
  for (const each of cases) for (const what of differences(each, told.get(each.orderRef) ?? [])) differs(each, what);
  for (const kind of names) {
    const of = cases.filter((each) => each.kind === kind);
    const bad = of.filter(({ orderRef }) => wrong.has(orderRef)).length;
    console.log(`${kind.padEnd(18)} ${String(of.length - bad).padStart(5)} as expected ${String(bad).padStart(5)} not`);
  }
  for (const [orderRef, what] of wrong) console.log(`${channel}/${orderRef} ${what.join(' ')}`);
  process.exitCode = wrong.size > 0 ? 1 : 0;
}

async function requireSandbox(url, channel, token) {
  const response = await fetch(new URL('/v1/channels', url), { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) refuse(`${url} does not say whether ${channel} is a sandbox: it answers ${response.status}.`);
  const channels = await response.json();
  const found = channels.find(({ channelId }) => channelId === channel);
  if (!found?.terms?.terms.sandbox)
    refuse(`${channel} is no sandbox: its terms do not say so, and what is sold is sold.`);
}

function refuse(why) {
  console.error(why);
  process.exit(2);
}

/** What was told before is of others. */
async function endOf(source) {
  let end = 0;
  for await (const { after } of outcomes(source)) end = after;
  return end;
}

/** Some at a time: a marketplace has many buyers, and an order's messages come one after another. */
async function inTurns(cases, work) {
  const waiting = [...cases];
  const one = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

/** Outcomes by order, once each is as it has to be, or no more come. */
async function untilTold({ after, ...source }, cases, waitMs) {
  const told = new Map();
  let position = after;
  for (const deadline = Date.now() + waitMs; ; await sleep(200)) {
    for await (const one of outcomes({ ...source, after: position })) {
      position = one.after;
      const { orderRef } = one.outcome.data;
      told.set(orderRef, [...(told.get(orderRef) ?? []), one.outcome.data]);
    }
    const isDone = cases.every((each) => differences(each, told.get(each.orderRef) ?? []).length === 0);
    if (isDone || Date.now() > deadline) return told;
  }
}

function differences({ status, reason, refunds = {}, disputes = {}, refused, lines }, told) {
  const last = told.at(-1);
  if (status === undefined) return last ? [`told of, though it was refused: ${JSON.stringify(last)}`] : [];
  if (!last) return ['nothing was told of it'];
  const found = [];
  const compare = (what, is, wanted) => {
    if (![wanted].flat().includes(is)) found.push(`${what} is ${is}, not ${[wanted].flat().join(' or ')}`);
  };
  compare('status', last.status, status);
  compare('reason', last.reason, reason);
  const far = last.lines?.map(
    ({ lineRef, shipped, delivered }) => `${lineRef}: ${shipped} shipped, ${delivered} delivered`,
  );
  compare('how far the units are', far?.join('; '), lines);
  compare('what was refused', told.find((one) => one.refused)?.refused.reason, refused);
  for (const [refundRef, wanted] of Object.entries(refunds)) {
    const refund = last.refunds.find((one) => one.refundRef === refundRef);
    compare(`refund ${refundRef}`, refund?.reason ?? refund?.status, wanted);
  }
  for (const [disputeRef, wanted] of Object.entries(disputes)) {
    compare(`dispute ${disputeRef}`, last.disputes?.find((one) => one.disputeRef === disputeRef)?.status, wanted);
  }
  compare('how many refunds are decided', last.refunds.length, Object.keys(refunds).length);
  compare('the numbering', told.map(({ number }) => number).join(), told.map((_, index) => index + 1).join());
  return found;
}

await main();
