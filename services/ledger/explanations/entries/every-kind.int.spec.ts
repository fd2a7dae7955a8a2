import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { disbursementFailed, disbursementPaid, saleSettled } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { ledgerServices } from '../../../../test/kit/ledger-services.ts';
import { eventually } from '../../../../test/kit/service.ts';
import type { AdjustmentEntry, EntriesType } from '../../decisions/adjustments/adjustment.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';

let ledger: TestedLedger;
let services: ReturnType<typeof ledgerServices>;
const cause = { correlationId: newId() };

const line = (unitPrice: number, makers: [id: string, weight: string][], more: object = {}) => {
  const contributions = makers.map(([makerId, weight]) => ({ makerId, weight }));
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
  return { unitPrice, portions, ...more };
};

async function settle(
  orderRef: string,
  amounts: { fee?: number; shipping?: number; withheldTax?: number },
  facilityId = 'F1',
) {
  const orderId = `blanja/${orderRef}`;
  const ids = {
    settlementId: `${orderId}~S1`,
    saleId: `${orderId}@${facilityId}`,
    orderId,
    facilityId,
    channel: 'blanja',
  };
  const report = { fee: 0, shipping: 0, withheldTax: 0, ...amounts, bank: 'bri', settledAt: '2026-01-12T03:00:00Z' };
  const event = newEvent(saleSettled, { ...ids, ...report }, cause);
  await ledger.database.transaction(async (transaction) =>
    services.settlements.settle(await openBooksFor(transaction, [event]), [event]),
  );
}

/** All that is available at F1; those of `sentBack` are paid and come back, those of `failed` are never paid. */
async function payOut({
  sentBack = [],
  failed = [],
}: {
  sentBack?: string[];
  failed?: string[];
} = {}): Promise<string> {
  const { database } = ledger;
  const proposal = { facilityId: 'F1', bank: 'bri', upTo: '2026-01-31', by: 'p1' };
  const payoutId = await database.transaction((transaction) => services.payouts.propose(transaction, proposal, cause));
  await database.transaction((transaction) => services.payouts.review(transaction, payoutId, 'p1', []));
  await database.transaction((transaction) => services.payouts.approve(transaction, payoutId, 'p2', cause));
  const { items } = (await services.payoutRows.find(database, payoutId)) ?? { items: [] };
  for (const { itemId, amount, account } of items) {
    const ids = { itemId, payoutId, facilityId: 'F1', amount };
    const failure = { ...ids, reason: 'no such account', failedAt: '2026-01-14T03:00:00Z' };
    for (const event of [
      ...(failed.includes(account)
        ? []
        : [newEvent(disbursementPaid, { ...ids, paidAt: '2026-01-13T03:00:00Z' }, cause)]),
      ...([...failed, ...sentBack].includes(account) ? [newEvent(disbursementFailed, failure, cause)] : []),
    ]) {
      await database.transaction(async (transaction) =>
        services.payouts.answer(await openBooksFor(transaction, [event]), [event]),
      );
    }
  }
  return payoutId;
}

async function adjust(type: EntriesType, reason: string, entries: AdjustmentEntry[]): Promise<void> {
  const draft = { type, facilityId: 'F1', occurredAt: '2026-01-15T03:00:00Z', reason, by: 'p1', entries };
  const { adjustmentId } = await ledger.database.transaction((tx) => services.adjustments.draftEntries(tx, draft));
  await services.adjustments.approve(adjustmentId, 'p2', cause);
}

/** A month with every kind of journal, at one facility. */
beforeAll(async () => {
  ledger = await startLedger();
  const { database } = ledger;
  services = ledgerServices(database);
  await adjust('opening', 'books before these', [
    { account: 'bank:bri@F1', amount: 500_000 },
    { account: 'maker:M7:receivable', amount: 9_000 },
    { account: 'facility:F1:earnings', amount: -509_000 },
  ]);

  // G12: paid out, then refunded; recovered from later releases
  await ledger.sell({ orderRef: 'one', lines: [line(200_000, [['M1', '1']])] });
  await settle('one', {});
  await payOut();
  await ledger.refund({ orderRef: 'one', amount: 200_000 });
  await ledger.sell({ orderRef: 'two', lines: [line(120_002, [['M1', '1']])] });
  await settle('two', {});

  // G18: other fees than expected
  await ledger.sell({
    orderRef: 'fees',
    lines: [line(333_000, [['M2', '1']], { fees: 15_000, shipping: 12_000, tax: 33_000 })],
  });
  await settle('fees', { fee: 16_750, shipping: 11_000, withheldTax: 1_500 });
  await payOut({ sentBack: ['maker:M1:wages'], failed: ['maker:M2:wages'] });

  // G10: makers are recorded after a first refund
  const held = line(300_001, []);
  await ledger.sell({
    orderRef: 'G10',
    lines: [{ ...held, portions: held.portions.map((lot) => ({ ...lot, lotId: 'L9', unitCost: 100_000 })) }],
  });
  await ledger.refund({ orderRef: 'G10', amount: 100_000 });
  const lot = {
    lotId: 'L9',
    measure: 'hours' as const,
    contributions: [
      { makerId: 'M1', weight: '2' },
      { makerId: 'M2', weight: '1' },
    ],
  };
  const recorded = {
    facilityId: 'F1',
    occurredAt: '2026-01-07T03:00:00Z',
    reason: 'the list was found',
    lot,
    by: 'p1',
  };
  const { adjustmentId } = await database.transaction((tx) => services.adjustments.draftContributions(tx, recorded));
  await services.adjustments.approve(adjustmentId, 'p2', cause);
  await ledger.refund({ orderRef: 'G10', amount: 150_000 });

  // F5: own steps to savings and a beneficiary, refunded when neither has it any more
  const own = {
    ...{ id: 'OWN', version: 1, basis: 'net-of-costs', recovery: { bp: 5_000 } },
    sale: { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] },
    maker: {
      steps: [
        { id: 'victims', take: { rate: { bp: 2_000 } }, to: 'beneficiary:victims' },
        { id: 'locked', take: { rate: { bp: 3_000 } }, to: 'savings' },
        { id: 'own', take: 'rest', to: 'wages' },
      ],
    },
  };
  await database.query(
    `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                            approved_by, approved_at)
     VALUES ($1, $2, 'facility', 'F1', '2026-01-15', 'approved', $3, 'p1', 'p2', now())`,
    [own.id, own.version, own],
  );
  await ledger.sell({ orderRef: 'own', placedAt: '2026-01-16T03:00:00Z', lines: [line(100_000, [['M4', '1']])] });
  await settle('own', {});
  await adjust('adjustment', 'savings paid by hand', [
    { account: 'maker:M4:savings', amount: 24_000 },
    { account: 'bank:bri@F1', amount: -24_000 },
  ]);
  await payOut();
  await ledger.refund({ orderRef: 'own', amount: 100_000, occurredAt: '2026-01-17T03:00:00Z' });
  await adjust('write-off', 'never to be paid', [
    { account: 'facility:F1:earnings', amount: 9_000 },
    { account: 'maker:M7:receivable', amount: -9_000 },
  ]);

  const billed = { facilityId: 'F1', bank: 'bri', amount: 20_000, billingCode: '820260115000001', by: 'p1' };
  const receipt = { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: '2026-01-16T03:00:00Z', by: 'p2' };
  const depositId = await database.transaction((transaction) => services.deposits.bill(transaction, billed));
  await database.transaction((transaction) => services.deposits.confirm(transaction, depositId, receipt, cause));

  const { decisionId } = await database.transaction((transaction) =>
    services.periods.request(transaction, { month: '2026-01', action: 'close' }, { by: 'p1', reason: 'month end' }),
  );
  await eventually(
    () => services.periods.find(decisionId),
    ({ status }) => status !== 'checking',
  );
  await services.periods.approve(decisionId, 'p2');
});
afterAll(() => ledger.close());

interface Explained {
  readonly entry: {
    readonly account: string;
    readonly amount: number;
    readonly kind: string;
    readonly sourceReference: string;
  };
  readonly recomputed: number | null;
  readonly matches: boolean;
  readonly sentence: { readonly en: string; readonly id: string };
  // biome-ignore lint/suspicious/noExplicitAny: what is tested
  readonly cause?: any;
}

async function explanations(): Promise<Explained[]> {
  const { items } = await ledger.get('accounts?limit=1000');
  const all: Explained[] = [];
  for (const { code, entries } of items) {
    for (let version = 1; version <= entries; version += 1) {
      all.push(await ledger.get(`entries/${encodeURIComponent(code)}/${version}/explanation`));
    }
  }
  return all;
}

let all: Explained[];

it('every entry of every kind of journal explains itself as it is posted', async () => {
  all = await explanations();
  const [counted] = await ledger.database.query<{ entries: number }>('SELECT count(*) AS entries FROM entry');
  expect(all).toHaveLength(counted?.entries ?? 0);
  expect(all.filter(({ matches, entry, recomputed }) => !matches || entry.amount !== recomputed)).toEqual([]);
  for (const { sentence } of all) {
    expect(sentence.en).not.toMatch(/undefined|NaN|null|\[object|: \.$/);
    expect(sentence.id).not.toMatch(/undefined|NaN|null|\[object|: \.$/);
  }
  const kinds = await ledger.database.query<{ kind: string }>('SELECT DISTINCT kind FROM journal');
  expect(new Set(all.map(({ entry }) => entry.kind))).toEqual(new Set(kinds.map(({ kind }) => kind)));
  expect(kinds).toHaveLength(12);
});

const settled = 'because settlement blanja/fees~S1 paid out what blanja held for sale blanja/fees@F1';
const cleared = 'because the money of sale blanja/two@F1 became available with settlement blanja/two~S1';

it.each<[account: string, reference: string, sentence: string]>([
  [
    'bank:bri@F1',
    'settlement blanja/fees~S1@F1',
    `The money of F1 at bank bri grows by Rp303,750 ${settled}: Rp333,000 held, less fee Rp16,750, shipping Rp11,000 and withheld income tax Rp1,500.`,
  ],
  [
    'channel:blanja:variance@F1',
    'settlement blanja/fees~S1@F1',
    `The variance of blanja at F1 grows by Rp750 ${settled}: Rp27,750 of fee and shipping was kept, Rp27,000 was expected.`,
  ],
  [
    'maker:M1:receivable',
    'release blanja/two@F1',
    `What M1 has to give back falls by Rp30,000 ${cleared}: 50% of Rp60,001 is Rp30,000 (rounded down from 30,000.5), which is the most that is recovered at once; Rp100,000 was to be given back, so Rp30,000 is.`,
  ],
  [
    'maker:M1:wages',
    'release blanja/two@F1',
    `M1’s premi (available) grows by Rp30,001 ${cleared}: Rp60,001 released, less Rp30,000 recovered of what was to be given back.`,
  ],
  [
    'maker:M1:wages-pending',
    'contribution adjustment/ID/blanja/G10@F1/1',
    'M1’s premi (pending) grows by Rp44,444 because the makers of lot L9, sold by order blanja/G10, line 1, were recorded (“the list was found”, drafted by p1, approved by p2): M1’s 2 of 3 of Rp100,001 is Rp66,667 (rounded down from 66,667.33…), less Rp22,223 that earlier refunds had taken of it.',
  ],
  [
    'maker:M1:wages-pending',
    'refund blanja/G10/1#R3',
    'M1’s premi (pending) falls by Rp33,333 because refund R3 gave Rp150,000 of order blanja/G10, line 1, back to the buyer: lot L9: of Rp66,667 credited, 83,334/100,001 is due back in all, Rp55,556 (rounded up from 55,555.72…), of which Rp22,223 was taken back before.',
  ],
  [
    'maker:M1:receivable',
    'refund blanja/one/1#R1',
    'What M1 has to give back grows by Rp100,000 because refund R1 gave Rp200,000 of order blanja/one, line 1, back to the buyer: of Rp100,000 credited, 200,000/200,000 is due back in all, Rp100,000, of which Rp0 was taken back before; of the Rp100,000 due now only Rp0 was still there, so Rp100,000 is owed.',
  ],
  [
    'maker:M4:receivable',
    'refund blanja/own/1#R4',
    'What M4 has to give back grows by Rp24,000 because refund R4 gave Rp100,000 of order blanja/own, line 1, back to the buyer: of Rp24,000 credited, 100,000/100,000 is due back in all, Rp24,000, of which Rp0 was taken back before; of the Rp24,000 due now only Rp0 was still there, so Rp24,000 is owed.',
  ],
  [
    'state:pnbp@F1',
    'deposit ID',
    'State revenue (PNBP) owed by F1 falls by Rp20,000 because Rp20,000 of PNBP was deposited with the state on 2026-01-16: billing code 820260115000001, receipt (NTPN) 0A1B2C3D4E5F6G7H, recorded by p2.',
  ],
  [
    'maker:M7:receivable',
    'write-off adjustment/ID',
    'What M7 has to give back falls by Rp9,000 because of a write-off: “never to be paid”, drafted by p1, approved by p2.',
  ],
  [
    'maker:M1:wages',
    'payout-failed ID',
    'M1’s premi (available) grows by Rp30,001 because bank bri sent back the Rp30,001 of payout ID on 2026-01-14 (no such account), and it is available again.',
  ],
  [
    'facility:F1:earnings',
    'variance close/2026-01/variance@F1/ID',
    'F1’s share (available) falls by Rp750 because 2026-01 was closed, asked for by p1, approved by p2: channels had kept Rp750 more than was expected, which the facility bears.',
  ],
])('in a sentence: %s, %s', (account, reference, sentence) => {
  const said = all
    .filter(
      ({ entry }) => entry.account === account && anonymous(`${entry.kind} ${entry.sourceReference}`) === reference,
    )
    .map(({ sentence: { en } }) => anonymous(en));
  expect(said).toContain(sentence);
});

it('says the same in Indonesian', () => {
  const [recovered] = all.filter(({ entry }) => entry.account === 'maker:M1:receivable' && entry.kind === 'release');
  expect(recovered?.sentence.id).toBe(
    'Kewajiban pengembalian M1 berkurang Rp30.000 karena dana penjualan blanja/two@F1 sudah cair dengan pencairan blanja/two~S1: 50% dari Rp60.001 adalah Rp30.000 (dibulatkan ke bawah dari 30.000,5), batas pemotongan sekali cair; yang harus dikembalikan Rp100.000, maka dipotong Rp30.000.',
  );
});

/** Without the ids that are new each time. */
function anonymous(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
}
