/**
 * What the client of somebody else sends: good checkouts in every dress that CloudEvents and Kafka allow, and everything
 * that goes wrong out there. Each with what must become of it.
 */
import {
  type Checkout,
  checkoutCompleted,
  checkoutRefunded,
  type EventDefinition,
  orderIdOf,
  paymentCaptured,
  type RefundRequest,
  saleCredited,
  stockReserved,
  topicOf,
  topics,
} from '#libs/contracts';
import { CODECS, type ForeignRecord, type Place } from '../kit/foreign-producer.ts';
import type { Expected } from './expected.ts';
import { noticesOf } from './gateway.ts';
import { FACILITIES, portionOf, skuOf } from './goods.ts';
import { certainCheckoutOf, checkoutOf, refundOf, UNKNOWN_SKU } from './orders.ts';
import { type Random, randomOf } from './random.ts';

export interface Sending {
  readonly record: ForeignRecord;
  /** What is owed once the broker has it. */
  expects(expected: Expected, place: Place): void;
}

const HUGE_BYTES = 900_000; // what a broker takes, by default, is 1 MiB
const NOTE_CHARACTERS = 2_000_000; // more than that, and so only when it is compressed

/** Every second of them is a good checkout; the rest are, in turn, of every other kind. */
export function foreignSendingsOf(round: string, number: number, random: Random): Sending[] {
  const kinds = Object.values(KINDS);
  const kind = number % 2 === 0 ? undefined : kinds[(number >> 1) % kinds.length];
  const name = `foreign-${String(number).padStart(5, '0')}`;
  const good = (suffix = ''): Checkout => certainCheckoutOf(round, `${name}${suffix}`, random);
  return kind ? kind(random, good) : [taken(checkoutOf(round, name, random), random)];
}

type Kind = (random: Random, good: (suffix?: string) => Checkout) => Sending[];

const KINDS: Readonly<Record<string, Kind>> = {
  'twice, compressed otherwise and dressed otherwise': (random, good) => {
    const [checkout, id] = [good(), newIdOf(random)];
    return [taken(checkout, random, id), taken(checkout, random, id), taken(checkout, random)];
  },
  'an id that another order has too': (random, good) => {
    const id = newIdOf(random);
    const [one, other] = [good('a'), good('b')];
    const expects = (expected: Expected): void => {
      expected.addCheckout(other);
      expected.reusedIds.push([orderIdOf(one), orderIdOf(other)]);
    };
    return [taken(one, random, id), { record: dressed(checkoutCompleted, other, random, id), expects }];
  },
  'other content for an order that is there': (random, good) => {
    const checkout = good();
    const changed = { ...checkout, fees: (checkout.fees ?? 0) + 1 };
    return [
      taken(checkout, random),
      { record: dressed(checkoutCompleted, changed, random), expects: isRejected(checkout, 'conflict') },
    ];
  },
  'a checkout that breaks a rule': (random, good) => {
    const checkout = good();
    const [line] = checkout.lines;
    const faulty = random.pick([
      { ...checkout, placedAt: '2026-01-05 10:00:00' },
      { ...checkout, placedAt: '2062-01-05T10:00:00+07:00' },
      { ...checkout, lines: [] },
      { ...checkout, lines: [{ ...line, quantity: 1.5 }] },
      { ...checkout, lines: [{ ...line, unitPrice: 2 ** 53 }] },
      { ...checkout, lines: [line, line] },
      { ...checkout, fees: -1 },
    ]);
    return [{ record: dressed(checkoutCompleted, faulty, random), expects: isRejected(checkout, 'invalid') }];
  },
  'a refund, and one that breaks a rule': (random, good) => {
    const checkout = good();
    const refund = refundOf(checkout, '1', 'r1');
    const requestedAt = random.pick([
      '0000-01-01T00:00:00Z',
      '2026-01-06T09:00:60Z',
      '2026-01-06',
      '2026-01-06T09:00:00',
    ]);
    const faulty = { ...refund, refundRef: 'r2', requestedAt };
    return [
      taken(checkout, random),
      { record: dressed(checkoutRefunded, faulty, random), expects: isRejected(checkout, 'invalid') },
      { record: dressed(checkoutRefunded, refund, random), expects: (expected) => expected.addRefund(refund) },
    ];
  },
  'random bytes for a checkout': (random, good) => {
    const record = dressed(checkoutCompleted, good(), random);
    return [buried({ ...record, key: junkKey(random), value: bytes(random, random.whole(1, 4_000)) }, 'random bytes')];
  },
  'random bytes for a type': (random, good) => {
    const record = inHeaders(checkoutCompleted, good(), random);
    const headers = record.headers.map(([name, value]) =>
      /type$/i.test(name) ? ([name, bytes(random, 40)] as const) : ([name, value] as const),
    );
    return [buried({ ...record, key: junkKey(random), headers }, 'a type of random bytes')];
  },
  'a good checkout under random bytes for a key': (random, good) => [
    buried({ ...dressed(checkoutCompleted, good(), random), key: junkKey(random) }, 'under a key of random bytes'),
  ],
  'nothing at all': (random, good) => {
    const record = dressed(checkoutCompleted, good(), random);
    const value = random.pick([null, Buffer.alloc(0), Buffer.from('null'), Buffer.from('\0'), Buffer.from('\ufeff')]);
    return [buried({ ...record, key: junkKey(random), value }, 'nothing')];
  },
  'huge and unreadable': (random, good) => {
    const record = dressed(checkoutCompleted, good(), random);
    const huge = random.pick([
      { codec: 'none', value: bytes(random, HUGE_BYTES) },
      { codec: 'zstd', value: Buffer.alloc(NOTE_CHARACTERS, 'x') },
    ] as const);
    return [buried({ ...record, ...huge, key: junkKey(random) }, 'huge')];
  },
  'huge and good': (random, good) => {
    const checkout = { ...good(), note: 'x'.repeat(NOTE_CHARACTERS) };
    return [{ ...taken(checkout, random), record: { ...dressed(checkoutCompleted, checkout, random), codec: 'zstd' } }];
  },
  'events of our own on the topic of marketplaces': (random, good) => {
    const unpaid = unpaidOf(good, random);
    const orderId = orderIdOf(unpaid);
    const at = '2026-01-05T03:00:00Z';
    const captured = { orderId, amount: 1, capturedAt: at };
    return [taken(unpaid, random), forged(paymentCaptured, captured, orderId, random)];
  },
  'goods and books of our own on the topic of marketplaces': (random, good) => {
    const lacking: Checkout = { ...good(), lines: [{ lineRef: '1', sku: UNKNOWN_SKU, quantity: 1, unitPrice: 1_000 }] };
    const orderId = orderIdOf(lacking);
    const facilityId = random.pick(FACILITIES);
    const line = { lineRef: '1', facilityId, region: 'Jawa Timur', portions: [portionOf(skuOf(facilityId), 1)] };
    const reserved = { orderId, expiresAt: '2030-01-01T00:00:00Z', lines: [line] };
    const credited = { saleId: `${orderId}@${facilityId}`, orderId, facilityId };
    return [
      taken(lacking, random),
      forged(stockReserved, reserved, orderId, random),
      forged(saleCredited, credited, facilityId, random),
    ];
  },
  'a checkout of another channel, before its own': (random, good) => {
    const [checkout, other] = [good(), { ...good(), fees: 1 }];
    const topic = topicOf(topics.checkout, checkout.channel === 'blanja' ? 'toko-sandbox' : 'blanja').name;
    const id = newIdOf(random);
    return [
      {
        record: { ...dressed(checkoutCompleted, other, random, id), topic },
        expects: isRejected(checkout, 'wrong-channel'),
      },
      taken(checkout, random, id),
    ];
  },
  'a checkout on a topic of our own': (random, good) => [
    {
      record: { ...dressed(checkoutCompleted, good(), random), topic: topics.payment.name },
      expects: (expected, place) => expected.addLetter(place, 'a checkout on a topic of our own'),
    },
  ],
};

/** A good checkout: it has its outcome, once, however often it comes. */
function taken(checkout: Checkout, random: Random, id?: string): Sending {
  return {
    record: dressed(checkoutCompleted, checkout, random, id),
    expects: (expected) => expected.addCheckout(checkout),
  };
}

function buried(record: ForeignRecord, what: string): Sending {
  return { record, expects: (expected, place) => expected.addLetter(place, what) };
}

/** No marketplace may say this: nothing follows from it but a dead letter. */
function forged(definition: EventDefinition, data: object, key: string, random: Random): Sending {
  const topic = topicOf(topics.checkout, 'blanja').name;
  const record = { ...dressed(definition, data, random), topic, key: Buffer.from(key) };
  return buried(record, `${definition.type} on another topic`);
}

const isRejected =
  (order: Checkout, reason: 'invalid' | 'conflict' | 'wrong-channel') =>
  (expected: Expected): void =>
    void expected.rejections.push({ orderId: orderIdOf(order), reason });

/** At the channel whose gateway says, of this order, that it was not paid. */
function unpaidOf(good: (suffix?: string) => Checkout, random: Random): Checkout {
  for (;;) {
    const unpaid: Checkout = { ...good(`-${random.whole(0, 9_999)}`), channel: 'toko-sandbox' };
    if (noticesOf(orderIdOf(unpaid))[0] !== 'capture') return unpaid;
  }
}

/** In the headers, or in structured mode. */
function dressed(definition: EventDefinition, data: object, random: Random, id?: string): ForeignRecord {
  return (random.chance(0.6) ? inHeaders : inItsBody)(definition, data, random, id);
}

function inHeaders(definition: EventDefinition, data: object, random: Random, id?: string): ForeignRecord {
  const write = random.pick<(name: string) => string>([
    (name) => `ce_${name}`,
    (name) => `ce-${name}`,
    (name) => `CE_${name.toUpperCase()}`,
    (name) => `Ce-${name[0]?.toUpperCase()}${name.slice(1)}`,
  ]);
  const headers = Object.entries(attributesOf(definition, random, id)).map(
    ([name, value]) => [write(name), Buffer.from(value)] as const,
  );
  const others = [
    [random.pick(['content-type', 'Content-Type', 'CONTENT-TYPE']), Buffer.from('application/json')],
    ...(random.chance(0.3) ? [[write('traceparent'), null] as const] : []),
    ...(random.chance(0.3) ? [['x-agent', random.chance(0.5) ? null : bytes(random, 20)] as const] : []),
  ] as const;
  return { ...envelopeOf(data, random), value: json(data, random), headers: [...others, ...headers] };
}

function inItsBody(definition: EventDefinition, data: object, random: Random, id?: string): ForeignRecord {
  const event = { ...attributesOf(definition, random, id), datacontenttype: 'application/json', data };
  const contentType = random.pick([
    'application/cloudevents+json',
    'application/cloudevents+json; charset=UTF-8',
    'Application/CloudEvents+JSON;charset=utf-8',
  ]);
  const name = random.pick(['content-type', 'Content-Type']);
  return {
    ...envelopeOf(data, random),
    value: json(event, random),
    headers: [[name, Buffer.from(contentType)], ...(random.chance(0.3) ? [['x-agent', null] as const] : [])],
  };
}

function envelopeOf(data: object, random: Random) {
  const key = Buffer.from(orderIdOf(data as Checkout | RefundRequest));
  const topic = topicOf(topics.checkout, (data as Checkout | RefundRequest).channel).name;
  return { codec: random.pick(CODECS), topic, key };
}

function attributesOf({ type }: EventDefinition, random: Random, id = newIdOf(random)): Record<string, string> {
  const time = random.pick([undefined, '2026-01-05T03:00:00Z', '2026-01-05T10:00:00.123456+07:00', 'yesterday']);
  return { specversion: '1.0', id, source: '/elsewhere', type, ...(time !== undefined && { time }) };
}

const newIdOf = (random: Random): string => `id-${random.whole(0, 2 ** 31)}`;

/** Members in any order, with blanks or without, now and then behind a byte order mark. */
function json(data: object, random: Random): Buffer {
  const entries = Object.entries(data);
  const turned = Object.fromEntries(random.chance(0.5) ? entries.reverse() : entries);
  return Buffer.from((random.chance(0.3) ? '\ufeff' : '') + JSON.stringify(turned, null, random.pick([0, 2])));
}

/** Of nobody's order: what is poison under it holds nobody up. */
function junkKey(random: Random): Buffer | null {
  return random.chance(0.2) ? null : bytes(random, random.whole(1, 300));
}

function bytes(random: Random, count: number): Buffer {
  const words = randomOf(random.whole(0, 2 ** 31));
  return Buffer.from(Uint8Array.from({ length: count }, () => words.whole(0, 255)));
}
