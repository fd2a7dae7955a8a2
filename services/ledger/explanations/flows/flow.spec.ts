import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refundIdOf, type SalePaid, type SaleRefunded, saleIdOf } from '#libs/contracts';
import { agreements, sale as soldSale } from '../../../../test/model/scenario.ts';
import { postingDate } from '../../books/calendar/period.ts';
import type { PostedEntry } from '../../books/journals/journal.repository.ts';
import type { Entry } from '../../books/journals/journal.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { makersOf, memoryNeeded, noMemory } from '../../sharing/memory/memory.ts';
import { explainRefund, explainSale, type RecomputedJournal } from '../recompute/explanation.ts';
import type { FlowLineView } from './flow.dto.ts';
import { flowsOf } from './flow-view.ts';

type Sold = typeof soldSale extends fc.Arbitrary<infer Each> ? Each : never;

function paid({ facilityId, placedAt, lines }: Sold): SalePaid {
  const orderId = 'blanja/W1';
  const ofSkus = lines.map((line) => ({ ...line, sku: 'batik' }));
  const names = { orderId, saleId: saleIdOf(orderId, facilityId), channel: 'blanja', orderRef: 'W1' };
  return { ...names, facilityId, placedAt, lines: ofSkus } as SalePaid;
}

/** What is remembered of each maker and pot, as far as the agreement asks: any amount. */
function circumstances(sale: SalePaid, agreement: Agreement, remembered: number) {
  const postedOn = postingDate(sale.placedAt);
  const { owed, pots } = memoryNeeded({ facilityId: sale.facilityId, makerIds: makersOf(sale) }, agreement, postedOn);
  const all = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, remembered]));
  const memory = { ...noMemory, owed: all(owed), pots: all(pots) };
  return { agreements: new Map(sale.lines.map(({ lineRef }) => [lineRef, agreement])), postedOn, memory };
}

const asPosted = (entries: readonly Entry[]): PostedEntry[] =>
  entries.map((entry, index) => ({ ...entry, accountVersion: index + 1, runningBalance: null }));

const total = (all: readonly { readonly amount: number }[]) => all.reduce((sum, { amount }) => sum + amount, 0);

/** Every node gets what it is, and gives it on. Of each entry of the line what ends there less what begins there. */
function expectFlow(flow: FlowLineView, entries: readonly Entry[]): void {
  expect(new Set(flow.nodes.map(({ id }) => id)).size).toBe(flow.nodes.length);
  const moved = new Map<string, number>();
  for (const { id, kind, amount, account, version, sentence, label } of flow.nodes) {
    const [into, outOf] = [flow.edges.filter(({ to }) => to === id), flow.edges.filter(({ from }) => from === id)];
    expect(amount).toBeGreaterThan(0);
    if (into.length > 0) expect({ id, into: total(into) }).toEqual({ id, into: amount });
    if (outOf.length > 0) expect({ id, outOf: total(outOf) }).toEqual({ id, outOf: amount });
    if (into.length === 0) expect(['price', 'account']).toContain(kind);
    if (outOf.length === 0) expect(account).not.toBeNull();
    if (account !== null) {
      const key = `${account} ${version}`;
      moved.set(key, (moved.get(key) ?? 0) + (into.length > 0 ? amount : -amount));
    }
    for (const { id, en } of [sentence, label]) expect(`${id} ${en}`).not.toMatch(/undefined|NaN|null|\[object/);
  }
  expect(flow.edges.every((edge) => edge.amount > 0)).toBe(true);
  const versions = entries.map((entry, index) => [entry, `${entry.account} ${index + 1}`] as const);
  for (const [{ lineRef, amount }, key] of versions) {
    if (lineRef === flow.lineRef) expect({ key, moved: moved.get(key) }).toEqual({ key, moved: -amount });
  }
  // What gives as much as it gets is not posted.
  for (const [key, amount] of moved) if (key.endsWith(' null')) expect({ key, amount }).toEqual({ key, amount: 0 });
}

describe.each(['no own steps', 'own steps'] as const)('any sale by any agreement: %s', (own) => {
  it('flows from its price to each entry, and what is given back from each entry to the buyer', () => {
    fc.assert(
      fc.property(
        soldSale,
        agreements(own),
        fc.nat(100_000),
        fc.nat(100),
        fc.nat(3_000),
        (sold, agreement, remembered, percent, goodwill) => {
          const sale = paid(sold);
          const of = circumstances(sale, agreement, remembered);
          const journal: RecomputedJournal = { sale, ...explainSale(sale, of) };
          const flows = flowsOf(journal, asPosted(journal.entries));
          expect(flows.map(({ lineRef }) => lineRef)).toEqual(sale.lines.map(({ lineRef }) => lineRef));
          for (const [index, flow] of flows.entries()) {
            expectFlow(flow, journal.entries);
            const price = journal.lines[index]?.price ?? 0;
            expect(flow.nodes.find(({ kind }) => kind === 'price')?.amount ?? 0).toBe(price);
          }

          const [line] = journal.lines;
          const [soldLine] = sale.lines;
          if (!line || !soldLine) return;
          const { orderId, saleId, facilityId, channel } = sale;
          const refund: SaleRefunded = {
            ...{ refundId: refundIdOf(orderId, line.lineRef, 'R1'), saleId, orderId, facilityId, channel },
            ...{ lineRef: line.lineRef, refundRef: 'R1', quantity: soldLine.quantity, occurredAt: sale.placedAt },
            amount: Math.floor((line.price * percent) / 100) + goodwill,
          };
          const pending = { account: 'maker:M1:wages-pending', amount: 0, lineRef: null, step: null };
          const back = explainRefund(sale, of, [{ data: refund, memory: of.memory }], [pending]);
          const refunded: RecomputedJournal = { sale, event: refund, ...back };
          const [flow] = flowsOf(refunded, asPosted(back.entries));
          if (flow) expectFlow(flow, back.entries);
          expect(
            flow?.nodes
              .filter(({ account }) => account?.startsWith('channel:blanja:receivable'))
              .map(({ amount }) => amount),
          ).toEqual(refund.amount === 0 ? [] : [refund.amount]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
