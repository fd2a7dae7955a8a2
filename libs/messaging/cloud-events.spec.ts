import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkoutCompleted, orderPaid } from '#libs/contracts';
import type { Message, ReceivedMessage } from './broker.ts';
import { read, toMessage } from './cloud-events.ts';
import { UnreadableMessage } from './envelope.ts';
import { newEvent, newId } from './event.ts';

const checkout = {
  channel: 'blanja',
  orderRef: 'A-1',
  placedAt: '2026-01-05T10:00:00+07:00',
  lines: [{ lineRef: '1', sku: 'BATIK', quantity: 3, unitPrice: 40_000, discount: 6_000 }],
};
const message = (type: string, data: unknown) => ({
  topic: 'checkout.blanja.v1',
  key: 'blanja/A-1',
  headers: { ce_id: 'order-77', ce_source: '/blanja', ce_type: type },
  value: JSON.stringify(data),
});

const bytes = (text: string) => Buffer.from(text);

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const received = ({ key, headers, value, topic }: Message): ReceivedMessage => ({
  topic,
  partition: 0,
  offset: '7',
  timestamp: '1767582000000',
  key: key === null ? null : bytes(key),
  headers: Object.entries(headers).map(([name, text]) => [name, bytes(text)] as const),
  value: bytes(value),
});

const toEvent = (message: Message | ReceivedMessage) =>
  read('partition' in message ? message : received(message)).event;

describe('an event as a message', () => {
  it('comes back as it was', () => {
    const cause = {
      id: newId(),
      correlationId: newId(),
      traceparent: TRACEPARENT,
    };
    const event = newEvent(orderPaid, { orderId: 'blanja/A-1' }, cause);
    expect(event).toMatchObject({
      causationId: cause.id,
      correlationId: cause.correlationId,
      source: '/pasindo/orders',
    });
    expect(toEvent(toMessage(event))).toEqual(event);
  });

  it('is refused before it is sent if it breaks its schema', () => {
    const event = newEvent(orderPaid, { orderId: 7 as never }, { correlationId: newId() });
    expect(() => toMessage(event)).toThrow('orders.order-paid.v1 breaks its schema: orderId must be string');
  });
});

describe('a message from outside', () => {
  it('has one id of ours however often it comes, and another than that of another source', () => {
    const one = toEvent(message(checkoutCompleted.type, checkout));
    expect(toEvent(message(checkoutCompleted.type, checkout)).id).toBe(one.id);
    const other = message(checkoutCompleted.type, checkout);
    expect(toEvent({ ...other, headers: { ...other.headers, ce_source: '/toko' } }).id).not.toBe(one.id);
  });

  it('has a correlation of ours, and no cause: it could stand among the events of another order', () => {
    const { headers, ...rest } = message(checkoutCompleted.type, checkout);
    const said = { ce_correlationid: newId(), ce_causationid: newId(), ce_traceparent: TRACEPARENT };
    const one = toEvent({ ...rest, headers: { ...headers, ...said } });
    expect(one).toMatchObject({ correlationId: one.id, sender: 'blanja' });
    expect(one).not.toHaveProperty('causationId');
    expect(one).not.toHaveProperty('traceparent');
  });

  it('is read from the topic that all channels had together, where nobody knows who sent it', () => {
    const one = toEvent({ ...message(checkoutCompleted.type, checkout), topic: 'checkout.v1' });
    expect(one).toMatchObject({ type: checkoutCompleted.type, data: checkout });
    expect(one).not.toHaveProperty('sender');
  });

  it.each(['checkout..v1', 'checkout.Blanja.v1', 'checkout.blanja.toko.v1', 'checkout.blanja.v2', 'checkout.blanja'])(
    'is not believed on %s, which is no topic of a channel',
    (topic) => {
      expect(() => toEvent({ ...message(checkoutCompleted.type, checkout), topic })).toThrow('is believed on');
    },
  );

  it.each([
    ['of an unknown type', message('marketplace.gossip.v1', {}), 'unknown event type marketplace.gossip.v1'],
    ['that is not JSON', { ...message(checkoutCompleted.type, {}), value: '{' }, 'is not JSON'],
    ['that names no order', message(checkoutCompleted.type, { channel: 'blanja' }), 'orderRef is required'],
    [
      'without an id',
      { ...message(checkoutCompleted.type, {}), headers: { ce_type: checkoutCompleted.type } },
      'has no ce_id header',
    ],
  ])('%s is unreadable', (_, unreadable, cause) => {
    expect(() => toEvent(unreadable)).toThrow(UnreadableMessage);
    expect(() => toEvent(unreadable)).toThrow(cause);
  });
});

const event = {
  specversion: '1.0',
  id: 'order-77',
  source: '/blanja',
  type: checkoutCompleted.type,
  time: '2026-01-05T03:00:00Z',
  data: checkout,
};
const structured = (value: unknown, contentType = 'application/cloudevents+json'): ReceivedMessage => ({
  ...received(message('', {})),
  headers: [['content-type', bytes(contentType)]],
  value: Buffer.isBuffer(value) ? value : bytes(JSON.stringify(value)),
});
const binary = (headers: readonly (readonly [string, string])[], value = bytes(JSON.stringify(checkout))) => ({
  ...received(message('', {})),
  headers: headers.map(([name, text]) => [name, bytes(text)] as const),
  value,
});
const { data: _data, ...attributes } = event;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

describe('a CloudEvent, however it is written', () => {
  const plain = toEvent(message(checkoutCompleted.type, checkout));

  it.each<[string, ReceivedMessage]>([
    ['structured', structured(event)],
    ['structured, with a character set', structured(event, 'application/cloudevents+json; charset=UTF-8')],
    ['structured, in capitals and quotes', structured(event, 'Application/CloudEvents+JSON;Charset="utf-8"')],
    ['structured, with a byte order mark', structured(Buffer.concat([BOM, bytes(JSON.stringify(event))]))],
    [
      'structured, in UTF-16',
      structured(
        Buffer.from(`\uFEFF${JSON.stringify(event)}`, 'utf16le'),
        'application/cloudevents+json; charset=utf-16le',
      ),
    ],
    [
      'structured, its data in base64',
      structured({ ...attributes, data_base64: bytes(JSON.stringify(checkout)).toString('base64') }),
    ],
    ['structured, with extensions that we do not know', structured({ ...event, tenant: 7, nothing: null })],
    [
      'binary, with a byte order mark',
      binary(
        [
          ['ce_id', 'order-77'],
          ['ce_source', '/blanja'],
          ['ce_type', event.type],
        ],
        Buffer.concat([BOM, bytes(JSON.stringify(checkout))]),
      ),
    ],
    [
      'binary, as in HTTP',
      binary([
        ['Ce-Id', 'order-77'],
        ['Ce-Source', '/blanja'],
        ['CE-TYPE', event.type],
        ['Content-Type', 'application/json; charset=utf-8'],
      ]),
    ],
    [
      'binary, a header repeated: the last counts',
      binary([
        ['ce_id', 'other'],
        ['ce_id', 'order-77'],
        ['ce_source', '/blanja'],
        ['ce_type', event.type],
      ]),
    ],
    [
      'binary, its members in another order',
      binary(
        [
          ['ce_id', 'order-77'],
          ['ce_source', '/blanja'],
          ['ce_type', event.type],
        ],
        bytes(JSON.stringify(Object.fromEntries(Object.entries(checkout).reverse()))),
      ),
    ],
    [
      'binary, with trace and correlation that are none',
      binary([
        ['ce_id', 'order-77'],
        ['ce_source', '/blanja'],
        ['ce_type', event.type],
        ['ce_traceparent', '\0'],
        ['ce_correlationid', 'x'],
      ]),
    ],
  ])('is the same event: %s', (_, one) => {
    expect({ ...toEvent(one), time: plain.time }).toEqual(plain);
  });

  it.each<[string, ReceivedMessage, string]>([
    ['a batch of events', structured([event], 'application/cloudevents-batch+json'), 'is a batch of CloudEvents'],
    ['a list of events', structured([event]), 'is a batch of CloudEvents'],
    [
      'another format',
      structured(event, 'application/cloudevents+avro'),
      'only application/cloudevents+json is understood',
    ],
    ['no object', structured('event'), 'is no CloudEvent'],
    ['not its character set', structured(Buffer.from([0xff, 0xfe, 0x7b])), 'is not utf-8'],
    ['an unknown character set', structured(event, 'application/cloudevents+json; charset=klingon'), 'is not klingon'],
    ['data twice', structured({ ...event, data_base64: 'e30=' }), 'has no one text data_base64'],
    ['an id that is no text', structured({ ...event, id: { a: 1 } }), 'id is no text'],
    ['control characters in its id', structured({ ...event, id: 'a\0b' }), 'id is not plain text'],
    ['no value', { ...structured(event), value: null }, 'has no value'],
    [
      'JSON too deep',
      binary(
        [
          ['ce_id', '1'],
          ['ce_type', event.type],
        ],
        bytes(`${'['.repeat(200_000)}${']'.repeat(200_000)}`),
      ),
      'breaks its schema',
    ],
    [
      'another topic than its own',
      { ...structured(event), topic: 'orders.order.v1' },
      'is believed on checkout.{channel}.v1 only',
    ],
    [
      'another key than its own',
      { ...structured(event), key: bytes('blanja/A-2') },
      'is believed under its own key only (channel/orderRef)',
    ],
    ['no key', { ...structured(event), key: null }, 'is believed under its own key only'],
    [
      'the type of a service on a topic of strangers',
      received({ ...message(orderPaid.type, { orderId: 'blanja/A-1' }) }),
      'is believed on orders.order.v1 only',
    ],
  ])('is unreadable with %s', (_, one, cause) => {
    expect(() => toEvent(one)).toThrow(UnreadableMessage);
    expect(() => toEvent(one)).toThrow(cause);
  });

  it('or anything else: there is an event in it, or it is unreadable, and never another error', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.json().map(bytes),
      fc
        .record(
          Object.fromEntries(
            Object.entries(event).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue())]),
          ),
        )
        .map((value) => bytes(JSON.stringify(value))),
    );
    const header = fc.tuple(
      fc.constantFrom('content-type', 'Content-Type', 'ce_id', 'ce-id', 'ce_type', 'ce_source', 'ce_time', '__proto__'),
      fc.oneof(anyBytes, fc.constantFrom('application/cloudevents+json', event.type, 'order-77').map(bytes)),
    );
    const anything = fc.record({
      key: fc.option(fc.oneof(anyBytes, fc.constant(bytes('blanja/A-1')))),
      headers: fc.array(header),
      value: fc.option(anyBytes),
    });
    fc.assert(
      fc.property(anything, (parts) => {
        try {
          expect(read({ ...received(message('', {})), ...parts }).event.type).toBe(event.type);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableMessage);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an id of others', () => {
  const idOf = (changes: object, topic = 'checkout.blanja.v1') =>
    read({ ...structured({ ...event, ...changes }), topic }).event.id;

  it('means one event of one source: what says something else is another, however it is called', () => {
    const ids = [
      idOf({}),
      idOf({ source: '/lapak' }),
      idOf({ id: 'order-78' }),
      idOf({ data: { ...checkout, fees: 1 } }),
      idOf({}, 'checkout.lapak.v1'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is the same, whatever of the message is not what it says', () => {
    expect(idOf({ time: '2026-02-01T00:00:00Z', traceparent: 'x', specversion: '1.0.2' })).toBe(idOf({}));
  });
});

describe('a message of a retired type', () => {
  const { placedAt, lines, ...named } = checkout;
  const pilot = {
    ...named,
    orderedAt: placedAt,
    items: lines.map(({ discount: _, ...line }) => ({ ...line, unitDiscount: 2_000 })),
  };

  it('becomes an event of today\u2019s type', () => {
    const event = toEvent(message('marketplace.checkout-completed.v0', pilot));
    expect(event).toMatchObject({ type: checkoutCompleted.type, data: checkout });
  });

  it('is held to the schema it had', () => {
    const broken = message('marketplace.checkout-completed.v0', { ...pilot, items: [] });
    expect(() => toEvent(broken)).toThrow('marketplace.checkout-completed.v0 breaks its schema: items');
  });
});
