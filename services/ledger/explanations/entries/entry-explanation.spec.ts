import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { refundIdOf, type SalePaid, type SaleRefunded, saleIdOf } from '#libs/contracts';
import { postingDate } from '../../books/calendar/period.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { id1990 } from '../../sharing/agreements/id-1990.ts';
import { type Memory, noMemory } from '../../sharing/memory/memory.ts';
import type { Sale } from '../../sharing/waterfall/sale.ts';
import { share } from '../../sharing/waterfall/waterfall.ts';
import { explainRefund, explainSale, type RecomputedJournal } from '../recompute/explanation.ts';
import type { Circumstances } from '../recompute/replay.ts';
import { explainEntry } from './entry-explanation.ts';

interface GoldenRun {
  readonly name?: string;
  readonly agreement?: 'ID-1990' | Agreement;
  readonly memory?: Memory;
  readonly events: (
    | { readonly sale: Sale & { readonly placedAt: string } }
    | { readonly refund: { readonly orderRef: string; readonly lineRef: string; readonly amount: number } }
    | { readonly contributions: object }
  )[];
}

const directory = new URL('../../sharing/golden/', import.meta.url);
const runsOf = (file: string): GoldenRun[] => JSON.parse(readFileSync(new URL(file, directory), 'utf8')).runs;
const agreementOf = ({ agreement }: GoldenRun) =>
  agreement === undefined || agreement === 'ID-1990' ? id1990 : agreement;

function paid(sale: Sale & { placedAt: string }): SalePaid {
  const orderId = `${sale.channel}/${sale.orderRef}`;
  const lines = sale.lines.map((line) => ({ ...line, sku: 'batik' }));
  return { ...sale, orderId, saleId: saleIdOf(orderId, sale.facilityId), lines } as SalePaid;
}

function circumstancesOf({ lines }: SalePaid, agreement: Agreement): Circumstances {
  const agreements = new Map(lines.map(({ lineRef }) => [lineRef, agreement]));
  return { agreements, postedOn: '2026-01-05', memory: null };
}

/** The journals of a run, as they are computed again. */
function journalsOf(run: GoldenRun): RecomputedJournal[] {
  const agreement = agreementOf(run);
  const sales = new Map<string, SalePaid>();
  const refunds: SaleRefunded[] = [];
  return run.events.flatMap((event) => {
    if ('sale' in event) {
      const sale = paid(event.sale);
      sales.set(sale.orderRef, sale);
      return [{ sale, ...explainSale(sale, circumstancesOf(sale, agreement)) }];
    }
    if (!('refund' in event)) return [];
    const sale = sales.get(event.refund.orderRef) as SalePaid;
    const { orderId, saleId, facilityId, channel } = sale;
    const refundRef = `R${refunds.length + 1}`;
    const refundId = refundIdOf(orderId, event.refund.lineRef, refundRef);
    const of = { refundId, saleId, orderId, facilityId, channel, refundRef };
    const refund = { ...event.refund, ...of, quantity: 1, occurredAt: sale.placedAt };
    refunds.push(refund);
    const pending = { account: 'maker:M1:wages-pending', amount: 0, lineRef: null, step: null }; // not released
    const ofLine = refunds.filter((each) => each.orderId === orderId && each.lineRef === refund.lineRef);
    const explained = explainRefund(
      sale,
      circumstancesOf(sale, agreement),
      ofLine.map((data) => ({ data, memory: null })),
      [pending],
    );
    return [{ sale, event: refund, ...explained }];
  });
}

function explained(journal: RecomputedJournal | undefined, account: string) {
  const entry = journal?.entries.find((each) => each.account === account);
  if (!journal || !entry) throw new Error(`no entry of ${account}`);
  return explainEntry(entry, journal);
}

/** A sale with what the agreement's steps remember: the explanation's lines as the waterfall gives them. */
function withMemory(run: GoldenRun, index: number): RecomputedJournal {
  const event = run.events[index];
  if (!event || !('sale' in event)) throw new Error('not a sale');
  const [sale, agreement] = [paid(event.sale), agreementOf(run)];
  const { lines } = share(sale, agreement, postingDate(sale.placedAt), run.memory ?? noMemory);
  const entries = lines.flatMap(({ lineRef, credits }) =>
    credits.map(({ account, step = null, amount }) => ({ account, step, lineRef, amount: -amount })),
  );
  return { sale, entries, lines: lines.map(({ explanation, ...line }) => ({ ...line, agreement, ...explanation })) };
}

describe('every entry of the golden cases explains itself', () => {
  const remembering = ['g4', 'g5', 'g6', 'g7', 'g8', 'g20'];
  const files = readdirSync(directory).filter((file) => {
    const [run] = runsOf(file);
    return !remembering.includes(file.slice(0, -5)) && run?.events.some((event) => 'sale' in event);
  });

  it.each(files)('%s', (file) => {
    const journals = runsOf(file)
      .filter(({ memory }) => memory === undefined)
      .flatMap(journalsOf);
    const explanations = journals.flatMap((journal) => journal.entries.map((entry) => explainEntry(entry, journal)));
    expect(explanations.length).toBeGreaterThan(0);
    expect(explanations.filter(({ matches }) => !matches)).toEqual([]);
    for (const { sentence } of explanations) {
      expect(sentence.en).not.toMatch(/undefined|NaN|\[object/);
      expect(sentence.id).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it.each(remembering)('%s, with what is remembered', (name) => {
    for (const run of runsOf(`${name}.json`)) {
      const journal = withMemory(run, 0);
      for (const entry of journal.entries) expect(explainEntry(entry, journal)).toMatchObject({ matches: true });
    }
  });
});

it('does not match when another amount is posted', () => {
  const [journal] = runsOf('g1.json').flatMap(journalsOf);
  const [entry] = journal?.entries.slice(1) ?? [];
  if (!journal || !entry) throw new Error('no entry');
  expect(explainEntry({ ...entry, amount: entry.amount - 1 }, journal)).toMatchObject({ matches: false });
  expect(explainEntry({ ...entry, account: 'maker:M9:wages' }, journal)).toMatchObject({
    matches: false,
    recomputed: null,
  });
});

it('G16: a maker’s part of two lots, with every input, exact value and result', () => {
  const [journal] = runsOf('g16.json').flatMap(journalsOf);
  const { lines, matches } = explained(journal, 'maker:M2:wages-pending');
  expect(matches).toBe(true);
  expect(lines[0]?.chains).toMatchObject([
    {
      lotId: 'LA',
      amount: 10_934,
      links: [
        { link: 'basis', gross: 80_000, discount: 1_333, fees: 4_000, recovered: 20_000, result: 54_667 },
        { link: 'step', step: 'shares', asks: 'rest', result: 54_667 },
        { link: 'share', destination: 'makers', input: 54_667, exact: { whole: 27_333 }, result: 27_334 },
        { link: 'contribution', weight: '4', weights: '10', input: 27_334, exact: { whole: 10_933 }, result: 10_934 },
      ],
    },
    { lotId: 'LB', amount: 18_624 },
  ]);
});

describe('one sentence', () => {
  const golden = (file: string, journal: number, account: string) =>
    explained(runsOf(`${file}.json`).flatMap(journalsOf)[journal], account).sentence;

  it.each([
    ['G1 maker', 'g1', 0, 'maker:M1:wages-pending'],
    ['G1 state', 'g1', 0, 'state:pnbp@F1'],
    ['G1 channel', 'g1', 0, 'channel:blanja:receivable@F1'],
    ['G11 maker, sale', 'g11', 0, 'maker:M4:wages-pending'],
    ['G11 fees', 'g11', 0, 'channel:blanja:fees@F1'],
    ['G11 maker, second refund', 'g11', 2, 'maker:M4:wages-pending'],
    ['G11 channel, first refund', 'g11', 1, 'channel:blanja:receivable@F1'],
    ['G16 maker of two lots', 'g16', 0, 'maker:M2:wages-pending'],
    ['G10 suspense', 'g10', 0, 'suspense@F1'],
    ['G13 facility, gross', 'g13', 0, 'facility:F1:earnings-pending'],
  ])('%s', (_, file, journal, account) => {
    expect(golden(file, journal, account)).toMatchSnapshot();
  });

  it('G4 restitution', () => {
    const [run] = runsOf('g4.json');
    if (!run) throw new Error('no run');
    expect(explained(withMemory(run, 0), 'beneficiary:restitution:payable@F1').sentence).toMatchSnapshot();
  });
});
