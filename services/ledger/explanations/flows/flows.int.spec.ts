import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rowAccess } from '#libs/database';
import { postEveryKind } from '../../../../test/kit/every-kind.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { handlersOf } from '../../../../test/kit/routes.ts';
import type { FlowLineView, FlowPage } from './flow.dto.ts';

let ledger: TestedLedger;
beforeAll(async () => {
  ledger = await startLedger();
  const contributions = [
    { makerId: 'P1', weight: '32' },
    { makerId: 'P2', weight: '24.5' },
    { makerId: 'P3', weight: '16' },
  ];
  const portions = [{ lotId: 'L1', quantity: 2, unitCost: 180_000, measure: 'hours' as const, contributions }];
  const bags = { sku: 'tas', quantity: 2, unitPrice: 475_000, fees: 47_501, shipping: 20_000, portions };
  await ledger.sell({ orderRef: 'DEMO-1', lines: [bags] });
  const others = [{ ...portions[0], quantity: 1, contributions: [{ makerId: 'P4', weight: '1' }] }] as typeof portions;
  await ledger.sell({ orderRef: 'DEMO-1', facilityId: 'F9', lines: [{ unitPrice: 190_000, portions: others }] });
  await ledger.sell({ orderRef: 'DEMO-10', lines: [{ portions: others }] });
  await ledger.refund({ orderRef: 'DEMO-1', amount: 475_000 });
});
afterAll(() => ledger.close());

const flowsOf = (query: string): Promise<FlowPage> => ledger.get(`flows?${query}`);

/** From one node to the next, by what they are called. */
function named({ nodes, edges }: FlowLineView): string[] {
  const labels = new Map(nodes.map(({ id, label }) => [id, label.id]));
  return edges.map(({ from, to, amount }) => `${labels.get(from)} > ${labels.get(to)}: ${amount}`);
}

it('a sale: from the price over costs and the amount to share to facility, state, and makers by hours', async () => {
  const { items } = await flowsOf('saleId=blanja/DEMO-1@F1');
  expect(items).toMatchObject([
    { saleId: 'blanja/DEMO-1@F1', facilityId: 'F1', kind: 'sale', postedOn: '2026-01-05', matches: true },
    { saleId: 'blanja/DEMO-1@F1', facilityId: 'F1', kind: 'refund', matches: true },
  ]);
  const [line] = items[0]?.lines ?? [];
  if (!line) throw new Error('no line');
  expect(line).toMatchObject({ lineRef: '1', sku: 'tas', agreement: { id: 'ID-1990', version: 1 } });
  expect(named(line)).toEqual([
    'Harga > Biaya layanan blanja di F1: 47501',
    'Harga > Ongkos kirim blanja di F1: 20000',
    'Harga > Pengembalian biaya produksi F1: 360000',
    'Harga > Dasar pembagian: 522499',
    'Dasar pembagian > Langkah “shares”: 522499',
    'Langkah “shares” > Para pembuat 50%: 261249',
    'Langkah “shares” > Satuan kerja 35%: 182875',
    'Langkah “shares” > Negara 15%: 78375',
    'Para pembuat 50% > P1: 115310',
    'Para pembuat 50% > P2: 88284',
    'Para pembuat 50% > P3: 57655',
  ]);
  expect(line.nodes.find(({ label }) => label.id === 'Negara 15%')).toMatchObject({
    kind: 'share',
    account: 'state:pnbp@F1',
    version: 1,
    rate: { num: 1_500, den: 10_000 },
    exact: { whole: 78_374 },
    rounded: 'up',
    lotId: 'L1',
    sentence: (await ledger.get('entries/state:pnbp@F1/1/explanation')).sentence,
  });
  expect(line.nodes.find(({ label }) => label.id === 'P1')).toMatchObject({
    account: 'maker:P1:wages-pending',
    weight: '32',
    weights: '72.5',
    measure: 'hours',
    rounded: 'up',
  });
  expect(line.nodes.find(({ kind }) => kind === 'share')?.sentence).toEqual({
    id: 'Bagian para pembuat 50% adalah Rp261.249 (dibulatkan ke bawah dari 261.249,5).',
    en: '50% for the makers is Rp261,249 (rounded down from 261,249.5).',
  });
});

it('a refund: from each account to the buyer', async () => {
  const { items } = await flowsOf('saleId=blanja/DEMO-1@F1');
  const journalId = items[1]?.journalId;
  const [flow] = (await flowsOf(`journalId=${journalId}`)).items;
  expect(named(flow?.lines[0] as FlowLineView).at(-1)).toBe('Dikembalikan > Dana F1 pada blanja: 475000');
  expect(flow?.lines[0]?.nodes.find(({ account }) => account === 'maker:P1:wages-pending')).toMatchObject({
    kind: 'account',
    amount: 57_655,
    version: 2,
  });
});

it('an order: each facility’s sale and refunds, and those of no order whose name begins so', async () => {
  const { items } = await flowsOf('orderId=blanja/DEMO-1');
  expect(items.map(({ saleId, kind }) => `${saleId} ${kind}`)).toEqual([
    'blanja/DEMO-1@F1 sale',
    'blanja/DEMO-1@F1 refund',
    'blanja/DEMO-1@F9 sale',
  ]);
  const first = await flowsOf('orderId=blanja/DEMO-1&limit=2');
  const next = await flowsOf(`orderId=blanja/DEMO-1&limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...next.items]).toEqual(items);
});

it('of an unknown order there are none; without one, or with two, it is no question', async () => {
  expect(await flowsOf('orderId=blanja/nothing')).toEqual({ items: [] });
  expect(await ledger.get('flows')).toMatchObject({ status: 400, errors: [{ field: 'orderId' }] });
  expect(await ledger.get('flows?orderId=a&saleId=b')).toMatchObject({ status: 400, errors: [{ field: 'saleId' }] });
});

it('of an order that two facilities share, whoever sees one is shown that one’s', async () => {
  const list = handlersOf(ledger.app, 'GET', ['ExplanationsModule']).get('FlowsController.list');
  const page = (await rowAccess.run({ scope: { facilities: ['F9'] } }, () =>
    Promise.resolve(list?.({ orderId: 'blanja/DEMO-1', limit: 100 })),
  )) as FlowPage;
  expect(page.items.map(({ saleId }) => saleId)).toEqual(['blanja/DEMO-1@F9']);
  expect(page.items[0]?.matches).toBe(true);
});

it('each sale and refund of books with every kind of journal flows as it is posted', async () => {
  await postEveryKind(ledger);
  const journals = await ledger.database.query<{ journalId: string }>(
    `SELECT journal_id AS "journalId" FROM journal WHERE kind IN ('sale', 'refund')`,
  );
  expect(journals.length).toBeGreaterThan(12);
  for (const { journalId } of journals) {
    const [flow] = (await flowsOf(`journalId=${journalId}`)).items;
    expect(flow).toMatchObject({ journalId, matches: true });
    expect(flow?.lines.flatMap((line) => line.edges).length).toBeGreaterThan(0);
  }
  const [other] = await ledger.database.query<{ journalId: string }>(
    `SELECT journal_id AS "journalId" FROM journal WHERE kind = 'settlement' LIMIT 1`,
  );
  expect(await flowsOf(`journalId=${other?.journalId}`)).toEqual({ items: [] });
});
