/** What comes from outside, kind by kind, over the running system: it is right, or refused with words, and stops nothing. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Checkout, checkoutCompleted, checkoutRefunded, topicOf, topics } from '#libs/contracts';
import { CODECS, type ForeignProducer, type ForeignRecord, startForeignProducer } from '../kit/foreign-producer.ts';
import { signedFetch } from '../kit/sign-in.ts';
import { expectBooks } from './books.ts';
import { importFiles } from './import-command.ts';
import { checkoutOf, completed, idOf, untilOrder } from './marketplace.ts';
import { type Answer, address, kafka, post, read, send, until } from './stack.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

interface Refusal {
  readonly errors?: readonly { readonly field: string }[];
}

describe('messages of others', () => {
  let producer: ForeignProducer;
  let workshop: Workshop;
  beforeAll(async () => {
    producer = await startForeignProducer(kafka());
    workshop = await openWorkshop({ stock: 100 });
  });
  afterAll(() => producer.close());

  const bag = (): Checkout => checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 100_000 }]);

  const good: Readonly<Record<string, (checkout: Checkout) => ForeignRecord>> = {
    ...Object.fromEntries(
      CODECS.map((codec) => [`compressed: ${codec}`, (one: Checkout) => ({ ...binary(one), codec })]),
    ),
    'with a header without a value': (one) => withHeader(binary(one), 'traceparent', null),
    'with a header that is no text': (one) => withHeader(binary(one), 'x-agent', Buffer.from([0, 255, 128])),
    'with the header names of HTTP': (one) => named(binary(one), (name) => name.replace('ce_', 'ce-')),
    'with header names in capitals': (one) => named(binary(one), (name) => name.toUpperCase()),
    'in structured mode': (one) => structured(one),
    'in structured mode, behind a byte order mark': (one) => structured(one, '\ufeff'),
    'with a time that is none': (one) => withHeader(binary(one), 'ce_time', Buffer.from('last Tuesday')),
  };
  it.each(Object.entries(good))('%s: credited', async (_, recordOf) => {
    const checkout = bag();
    await producer.send(recordOf(checkout));
    await untilOrder(checkout, 'credited');
    await expectBooks(checkout, [workshop], 100_000);
  });

  it('two orders under one id: both credited, the second listed', async () => {
    const [one, other] = [bag(), bag()];
    const id = randomUUID();
    await producer.send(binary(one, id));
    await producer.send(binary(other, id));
    await Promise.all([untilOrder(one, 'credited'), untilOrder(other, 'credited')]);
    const { items } = await read<{ items: { key: string }[] }>('orders', 'reused-event-ids?limit=1000');
    const listed = items.filter(({ key }) => [idOf(one), idOf(other)].includes(key));
    expect(listed).toHaveLength(1);
  });

  const junk: Readonly<Record<string, (record: ForeignRecord) => ForeignRecord>> = {
    'random bytes': (record) => ({ ...record, value: Buffer.from([0, 1, 2, 255, 254]) }),
    'no value': (record) => ({ ...record, value: null }),
    'no key': (record) => ({ ...record, key: null }),
    'a key that is no text': (record) => ({ ...record, key: Buffer.from([0, 255]) }),
    'a key of 5,000 bytes': (record) => ({ ...record, key: Buffer.alloc(5_000, 'k') }),
    '2 MB that are nothing': (record) => ({ ...record, codec: 'gzip', value: Buffer.alloc(2_000_000, 'x') }),
    'an event of our own': (record) => withHeader(record, 'ce_type', Buffer.from('payments.payment-captured.v1')),
  };
  it.each(Object.entries(junk))(
    '%s: a dead letter that can be shown and given up, and others flow on',
    async (_, change) => {
      const place = await producer.send(change(binary(bag())));
      const next = bag();
      await producer.send(binary(next));
      await untilOrder(next, 'credited');
      type Letter = { id: string; message: { topic: string; partition: number; offset: string } };
      const find = async (): Promise<Letter | undefined> =>
        (await read<{ items: Letter[] }>('orders', 'dead-letters?limit=1000')).items.find(
          ({ message }) => message.partition === place.partition && message.offset === place.offset,
        );
      const letter = await until(find, (found) => found !== undefined);
      expect(await read('orders', `dead-letters/${letter?.id}`)).toMatchObject({ message: place });
      for (const by of ['operator-1', 'operator-2']) {
        const decision = { by, reason: 'cannot be read' };
        expect(await post('orders', `dead-letters/${letter?.id}/discard`, decision)).toMatchObject({ status: 200 });
      }
      expect(await find()).toBeUndefined();
    },
  );

  it('a refund of the year 0: refused with its reason, and the books of its facility go on', async () => {
    const [sold, next] = [bag(), bag()];
    const refund = { channel: sold.channel, orderRef: sold.orderRef, lineRef: '1', refundRef: 'R1', quantity: 1 };
    await producer.send(binary(sold));
    await untilOrder(sold, 'credited');
    const record = binary({ ...refund, requestedAt: '0000-01-01T00:00:00Z' } as never);
    await producer.send(withHeader(record, 'ce_type', Buffer.from(checkoutRefunded.type)));
    type Rejection = { orderId: string; type: string; detail: string };
    const rejection = await until(
      async () =>
        (await read<{ items: Rejection[] }>('orders', 'rejected-checkouts')).items.find(
          ({ orderId }) => orderId === idOf(sold),
        ),
      (found) => found !== undefined,
    );
    expect(rejection).toMatchObject({ type: 'refund', detail: expect.stringContaining('requestedAt') });
    await producer.send(binary(next));
    await untilOrder(next, 'credited');
  });
});

describe('an instant', () => {
  const odd = ['2026-01-31 23:40:00', '2026-01-31T23:40:00', '2026-01-31', '2026-01', '2026', '0000-01-01T00:00:00Z'];
  it.each(odd)('"%s" is none, and the field is named', async (instant) => {
    const report = { channel: 'blanja', orderRef: 'x', settlementRef: 'S1', bank: 'bri' };
    const amounts = { fee: 0, shipping: 0, withheldTax: 0, paidOut: 0, revenue: 0, settles: 'all' };
    const answers: readonly [string, Answer<Refusal>][] = [
      ['settledAt', await post('payments', 'settlements', { ...report, ...amounts, settledAt: instant }, randomUUID())],
      [
        'placedAt',
        await post(
          'orders',
          'checkouts',
          { ...checkoutOf('blanja', [{ sku: 'x', quantity: 1, unitPrice: 1 }]), placedAt: instant },
          randomUUID(),
        ),
      ],
      [
        'effectiveFrom',
        await post(
          'ledger',
          'agreements',
          { by: 'drafter', scope: { level: 'national' }, effectiveFrom: instant, definition: {} },
          randomUUID(),
        ),
      ],
    ];
    for (const [field, { status, body }] of answers) {
      expect({ field, status, errors: body.errors?.map((error) => error.field) }).toEqual({
        field,
        status: 400,
        errors: expect.arrayContaining([field]),
      });
    }
  });
});

it('a key that is spelled otherwise, of the same request spelled otherwise: one effect', async () => {
  const workshop = await openWorkshop({ stock: 1 });
  await soldBy(workshop);
  const { facilityId } = workshop;
  const draft = {
    ...{ facilityId, type: 'adjustment', by: 'clerk', reason: 'a correction', occurredAt: '2026-01-31T10:00:00+07:00' },
    entries: [
      { account: `facility:${facilityId}:earnings`, amount: 1_000 },
      { account: `facility:${facilityId}:cost-recovery`, amount: -1_000 },
    ],
  };
  const key = randomUUID();
  const turned = Object.fromEntries(Object.entries(draft).reverse());
  const answers = [
    await post<{ adjustmentId: string }>('ledger', 'adjustments', draft, key),
    await post<{ adjustmentId: string }>('ledger', 'adjustments', turned, `"${key}"`),
    await post<{ adjustmentId: string }>('ledger', 'adjustments/', draft, ` ${key} `),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(answers.map(({ body }) => body.adjustmentId)).size).toBe(1);
});

describe('a file from a spreadsheet', () => {
  interface Summary {
    readonly rows: { accepted: number; duplicate: number; rejected: Record<string, number> };
    readonly orders: { credited: number };
  }
  const header = 'channel,order_ref,line_ref,type,refund_ref,sku,quantity,unit_price,discount,ordered_at';
  let directory: string;
  let workshop: Workshop;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pasindo-border-'));
    workshop = await openWorkshop({ stock: 100 });
  });
  afterAll(() => rm(directory, { recursive: true }));

  const rowOf = (orderRef: string): string =>
    `blanja,${orderRef},1,sale,,${workshop.sku},1,100000,0,2026-01-05T10:00:00+07:00`;
  const imported = async (bytes: string | Buffer): Promise<{ summary: Summary; rejected: string }> => {
    const file = join(directory, `${randomUUID()}.csv`);
    await writeFile(file, bytes);
    const summary = await importFiles<Summary>('orders', file);
    return { summary, rejected: await readFile(`${file}.rejected.csv`, 'utf8') };
  };

  it.each<[string, (lines: readonly string[]) => string]>([
    ['two byte order marks', (lines) => `\ufeff\ufeff${lines.join('\n')}\n`],
    ['semicolons', (lines) => lines.join('\r\n').replaceAll(',', ';')],
    ['a header that ends otherwise than the rows', ([first, ...rows]) => `${first}\n${rows.join('\r\n')}\r\n`],
    ['rows that end in every way', ([first, ...rows]) => `${first}\r\n${rows.join('\n')}\n`],
    ['rows of commas', (lines) => [...lines, ',,,,,,,,,', ',,,,,,,,,'].join('\n')],
  ])('with %s: every order is credited', async (_, write) => {
    const refs = [1, 2, 3].map((number) => `X-${randomUUID().slice(0, 8)}-${number}`);
    const { summary } = await imported(write([header, ...refs.map(rowOf)]));
    expect(summary).toMatchObject({ rows: { accepted: 3, duplicate: 0 }, orders: { credited: 3 } });
  });

  it('whose long numbers are no numbers any more: refused with what stands there, none taken for another', async () => {
    const good = `X-${randomUUID().slice(0, 8)}`;
    const { summary, rejected } = await imported(
      [header, rowOf('5.77E+17'), rowOf('5.77E+17'), rowOf("'577123456789012345"), rowOf(good)].join('\n'),
    );
    expect(summary).toMatchObject({ rows: { accepted: 1, duplicate: 0 }, orders: { credited: 1 } });
    expect(
      rejected.split('\n').filter((row) => row.includes('5.77E+17') || row.includes('577123456789012345')),
    ).toHaveLength(3);
  });

  it.each(['\u00a0', ' ', '\u200b', '\u3000'])('with %j behind a SKU: makes no second product', async (blank) => {
    const row = `"${workshop.sku}${blank}",${workshop.facilityId},craft,Tas,Bag,100000`;
    const files = { 'products.csv': `sku,facility_id,category,title_id,title_en,price\n${row}\n` };
    const { status } = await post('catalogue', 'imports', { files, dryRun: false });
    expect(status).toBeLessThan(500);
    const { items } = await read<{ items: { sku: string }[] }>('catalogue', 'products?limit=1000');
    expect(items.filter(({ sku }) => sku.startsWith(workshop.sku)).map(({ sku }) => sku)).toEqual([workshop.sku]);
  });
});

describe('money', () => {
  it('that a payout has reserved is spent by nothing else', async () => {
    const workshop = await openWorkshop({ stock: 1 });
    const { facilityId } = workshop;
    const wages = `maker:${workshop.makerIds[0]}:wages`;
    const { channel, orderRef } = await soldBy(workshop);
    const report = { channel, orderRef, settlementRef: 'S1', fee: 0, shipping: 0, withheldTax: 0, bank: 'bri' };
    const all = { paidOut: 200_000, revenue: 200_000, settles: 'all' };
    await post('payments', 'settlements', { ...report, ...all, settledAt: '2026-01-12T10:00:00+07:00' }, randomUUID());
    const payout = await until(
      () =>
        post<{ payoutId: string; items: unknown[] }>(
          'ledger',
          'payouts',
          { facilityId, bank: 'bri', upTo: '2026-01-31', by: 'treasurer' },
          randomUUID(),
        ),
      ({ status }) => status === 201,
    );
    const { payoutId } = payout.body;
    await post('ledger', `payouts/${payoutId}/review`, { by: 'treasurer' }, randomUUID());
    expect(await post('ledger', `payouts/${payoutId}/approval`, { by: 'head' }, randomUUID())).toMatchObject({
      status: 200,
    });

    const entries = [
      { account: wages, amount: 100_000 },
      { account: `facility:${facilityId}:earnings`, amount: -100_000 },
    ];
    const spent = await adjust(facilityId, entries);
    expect(spent.status).toBeGreaterThanOrEqual(400);
    expect(spent.status).toBeLessThan(500);
    const owner = `owners/${encodeURIComponent(`maker:${workshop.makerIds[0]}`)}`;
    expect(await read('ledger', owner)).toMatchObject({ reserved: 100_000 });
  });

  it('that the state gets is billed by one person and confirmed by another, however the first is written', async () => {
    const workshop = await openWorkshop({ stock: 1 });
    const { facilityId } = workshop;
    await soldBy(workshop);
    const bill = { facilityId, bank: 'bri', amount: 10_000, billingCode: digits(15), by: 'treasurer-1' };
    const billed = await post<{ depositId: string }>('ledger', 'deposits', bill, randomUUID());
    expect(billed.status).toBe(201);
    const receipt = { ntpn: `NTPN${digits(12)}`, depositedAt: '2026-01-20T10:00:00+07:00' };
    const path = `deposits/${billed.body.depositId}/receipt`;
    for (const by of ['treasurer-1', 'Treasurer-1', 'treasurer-1 ']) {
      const { status } = await post('ledger', path, { ...receipt, by }, randomUUID());
      expect([401, 403]).toContain(status);
    }
    expect(await post('ledger', path, { ...receipt, by: 'treasurer-2' }, randomUUID())).toMatchObject({ status: 200 });
  });

  it('is moved to accounts of people whom the ledger knows, and to no other', async () => {
    const workshop = await openWorkshop({ stock: 1 });
    await soldBy(workshop);
    const { facilityId } = workshop;
    const movedTo = (account: string) =>
      adjust(facilityId, [
        { account, amount: -1_000 },
        { account: `facility:${facilityId}:earnings`, amount: 1_000 },
      ]);
    const maker = `maker:${workshop.makerIds[0]}`;
    expect(await movedTo(`${maker}:wages`)).toMatchObject({ status: 200 });
    for (const account of [
      ...['maker:x  y:wages', 'maker:nobody-knows-me:wages', `${maker}:wages `, ` ${maker}:wages`],
      ...[`M${maker.slice(1)}:wages`, `${maker}:gold`, `facility:nowhere:earnings`, 'maker::wages', ''],
    ]) {
      const { status } = await movedTo(account);
      expect({ account, isRefused: [400, 409, 422].includes(status) }).toEqual({ account, isRefused: true });
    }
  });
});

/** A drafted adjustment, approved by somebody else; the first refusal, or what came of it. */
async function adjust(facilityId: string, entries: readonly { account: string; amount: number }[]) {
  const what = { facilityId, type: 'adjustment', by: 'clerk', reason: 'a test', entries };
  const draft = await post<{ adjustmentId: string }>(
    'ledger',
    'adjustments',
    { ...what, occurredAt: '2026-01-31T10:00:00+07:00' },
    randomUUID(),
  );
  if (draft.status !== 200) return draft;
  return post('ledger', `adjustments/${draft.body.adjustmentId}/approval`, { by: 'head' }, randomUUID());
}

describe('what is written for people', () => {
  const written = async (path: string): Promise<string> =>
    (await signedFetch(new URL(`/v1/${path}`, address('ledger')))).text();

  it('computes nothing when a spreadsheet opens it', async () => {
    const formula = `=SUM(A${Date.now()})`;
    const workshop = await openWorkshop({ stock: 1, hours: [], lotId: formula });
    await soldBy(workshop);
    const report = await written(`reports/suspense?facilityId=${workshop.facilityId}&format=csv`);
    expect(report).toContain(formula);
    expect(report.split(/[\n;,]/).filter((cell) => /^"?[=@+\t]/.test(cell))).toEqual([]);
  });

  it('is readable on paper, in whatever script', async () => {
    const workshop = await openWorkshop({ stock: 1 });
    await soldBy(workshop, { orderRef: `\ua9b2\ua9a4\ua995\ua9ab\ua98f-${randomUUID()}` });
    const statement = `makers/${workshop.makerIds[0]}/statement?from=2026-01-01&to=2026-12-31&format=pdf`;
    expect(await written(statement)).toMatch(/\/FontName \/\S*Javanese/);
  });
});

async function soldBy(workshop: Workshop, more: Partial<Checkout> = {}): Promise<Checkout> {
  const checkout = checkoutOf('blanja', [{ sku: workshop.sku, quantity: 1, unitPrice: 200_000 }], more);
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  return checkout;
}

const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join('');

function binary(checkout: Checkout, id = randomUUID() as string): ForeignRecord {
  const headers = {
    'content-type': 'application/json',
    ...{ ce_specversion: '1.0', ce_id: id, ce_type: checkoutCompleted.type, ce_source: '/elsewhere' },
  };
  return {
    ...{ codec: 'none', topic: topicOf(topics.checkout, checkout.channel).name, key: Buffer.from(idOf(checkout)) },
    headers: Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
    value: Buffer.from(JSON.stringify(checkout)),
  };
}

function structured(checkout: Checkout, before = ''): ForeignRecord {
  const event = {
    specversion: '1.0',
    id: randomUUID(),
    type: checkoutCompleted.type,
    source: '/elsewhere',
    data: checkout,
  };
  return {
    ...binary(checkout),
    headers: [['content-type', Buffer.from('application/cloudevents+json; charset=UTF-8')]],
    value: Buffer.from(before + JSON.stringify(event)),
  };
}

const withHeader = (record: ForeignRecord, name: string, value: Buffer | null): ForeignRecord => ({
  ...record,
  headers: [...record.headers.filter(([other]) => other !== name), [name, value]],
});

const named = (record: ForeignRecord, rename: (name: string) => string): ForeignRecord => ({
  ...record,
  headers: record.headers.map(([name, value]) => [rename(name), value]),
});
