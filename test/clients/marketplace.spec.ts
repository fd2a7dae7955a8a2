/** The client for marketplaces, beside what it speaks to. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkoutCompleted } from '#libs/contracts';
import {
  eventOf,
  outcomes,
  PasindoError,
  received,
  send,
  sign,
  toKafka,
  verify,
} from '../../clients/marketplace/index.js';
import { identityOf, read } from '../../libs/messaging/cloud-events.ts';
import { envelopeOf } from '../../libs/messaging/envelope.ts';
import { readFromHttp } from '../../libs/messaging/http-binding.ts';
import { faultOfSignature, signatureOf } from '../../services/orders/webhooks/signature.ts';

const NOW = new Date('2026-01-05T02:30:00Z');
const [one, other] = ['a secret of thirty-two characters', 'another secret, of as many or more'];
const body = Buffer.from('{"specversion":"1.0","é":"☕"}');
const checkout = eventOf(
  checkoutCompleted.type as 'marketplace.checkout-completed.v1',
  checkoutCompleted.example as never,
);

describe('a signature', () => {
  it('of either side is one for the other', () => {
    expect(sign(body, one, NOW)).toBe(signatureOf(body, [one], NOW));
    expect(faultOfSignature(sign(body, [one, other], NOW), body, [other], NOW)).toBeUndefined();
    expect(verify(body, signatureOf(body, [one, other], NOW), other, NOW)).toBe(true);
  });

  it.each<[string, Buffer, string | undefined, Date]>([
    ['of other bytes', Buffer.from('{}'), sign(body, one, NOW), NOW],
    ['under another secret', body, sign(body, other, NOW), NOW],
    ['that is old', body, sign(body, one, NOW), new Date(NOW.getTime() + 301_000)],
    ['that is not there', body, undefined, NOW],
    ['that is none', body, 't=1767580200,v1=00', NOW],
  ])('%s is none', (_, bytes, signature, at) => {
    expect(verify(bytes, signature, one, at)).toBe(false);
    expect(() => received(bytes, signature, one, at)).toThrow(PasindoError);
  });
});

it('what it sends is the same event over Kafka and by webhook, and keeps the contract', () => {
  const { topic, key, headers, value } = toKafka(checkout);
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const);
  const message = {
    ...{ topic, partition: 0, offset: '7', timestamp: '0', key: Buffer.from(key), headers: bytes },
    value: Buffer.from(value),
  };
  const over = readFromHttp(
    topic,
    { 'content-type': 'application/cloudevents+json' },
    Buffer.from(JSON.stringify(checkout)),
  );
  const { event } = read(message);
  expect(event).toMatchObject({ type: checkoutCompleted.type, data: checkoutCompleted.example, sender: 'blanja' });
  expect(over.event).toEqual(event);
  expect(identityOf(message, envelopeOf(message)).claim).toMatchObject({ id: checkout.id, source: '/blanja' });
});

describe('sending', () => {
  let server: Server;
  let answers: { status: number; body: object }[];
  let asked: { path: string; signature: string; body: string }[];
  let url: string;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const content = Buffer.concat(chunks).toString();
      asked.push({ path: request.url ?? '', signature: String(request.headers['pasindo-signature']), body: content });
      const { status, body } = answers.shift() ?? { status: 500, body: {} };
      response.writeHead(status, { 'content-type': 'application/json', location: url }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  const patience = { firstWaitMs: 1 };
  const begin = (...given: typeof answers) => {
    [answers, asked] = [given, []];
  };

  it('goes on until it is taken, with the same event', async () => {
    const taken = { orderId: 'blanja/INV-2026-0001', outcome: 'accepted', repeated: false };
    begin({ status: 503, body: {} }, { status: 429, body: {} }, { status: 202, body: taken });
    expect(await send(checkout, { url, secret: one, ...patience })).toEqual(taken);
    expect(asked.map(({ path }) => path)).toEqual(Array(3).fill('/v1/webhooks/blanja'));
    expect(new Set(asked.map(({ body }) => body))).toEqual(new Set([JSON.stringify(checkout)]));
    for (const { signature, body } of asked) expect(verify(body, signature, one)).toBe(true);
  });

  it('ends with why, where it is refused', async () => {
    const errors = [{ field: 'Pasindo-Signature', code: 'bad-signature', message: 'is not of this body' }];
    begin({ status: 401, body: { title: 'Signature refused', errors } });
    await expect(send(checkout, { url, secret: one, ...patience })).rejects.toMatchObject({
      ...{ status: 401, problem: { errors }, message: '401 Pasindo-Signature: is not of this body' },
    });
    expect(asked).toHaveLength(1);
  });

  it('gives up after some tries, and is led nowhere else', async () => {
    begin();
    await expect(send(checkout, { url, secret: one, attempts: 2, ...patience })).rejects.toMatchObject({ status: 500 });
    begin({ status: 302, body: {} });
    await expect(send(checkout, { url, secret: one, attempts: 1 })).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });

  it('outcomes are read page by page, with where to go on', async () => {
    const items = (count: number) => Array.from({ length: count }, (_, index) => ({ position: index + 1 }));
    begin(
      { status: 200, body: { items: items(500), after: 500 } },
      { status: 200, body: { items: items(2), after: 502 } },
    );
    const read: number[] = [];
    for await (const { after } of outcomes({ url, channel: 'blanja', token: async () => 'a token' })) read.push(after);
    expect(read).toEqual([...Array.from({ length: 500 }, (_, index) => index + 1), 1, 2]);
    expect(asked.map(({ path }) => path)).toEqual([
      '/v1/outcomes?channel=blanja&after=0&limit=500',
      '/v1/outcomes?channel=blanja&after=500&limit=500',
    ]);
  });
});
