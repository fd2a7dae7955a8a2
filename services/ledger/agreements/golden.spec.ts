import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { allocate, type Claim, type Rupiah } from '#libs/money';
import { type Reversible, reversible, takeBack } from '../refunds/reversal.ts';
import { recordContributions } from '../refunds/suspense.ts';
import type { Agreement } from './agreement.ts';
import { id1990 } from './id-1990.ts';
import { agreementFrom } from './lint.ts';
import { type Memory, memoryNeeded, noMemory, undo, withChanges } from './memory.ts';
import { periodOf, postingDate } from './period.ts';
import type { Sale, SalePortion } from './sale.ts';
import { share } from './waterfall.ts';

/** Debit +, credit -: rupiah by account. */
type Journal = Record<string, Rupiah>;

interface GoldenCase {
  case: string;
  title: string;
  rules: string[];
  runs: { name?: string; agreement?: 'ID-1990' | object; memory?: Memory; events: GoldenEvent[] }[];
}

type GoldenEvent =
  | { sale: Sale & { placedAt: string }; journal: Journal; remembers?: Partial<Memory> }
  | { refund: { orderRef: string; lineRef: string; amount: Rupiah }; journal: Journal; remembers?: Partial<Memory> }
  | { contributions: Lot & { orderRef: string; lineRef: string }; journal: Journal }
  | { payout: { pot: string; amount: Rupiah } }
  | { allocate: { total: Rupiah; scope: string; claims: Claim[] }; parts: Rupiah[] }
  | { posting: { occurredAt: string; earliestOpenMonth?: string }; postedOn: string; week: string; month: string };

type Lot = Pick<SalePortion, 'lotId' | 'measure' | 'contributions'>;

const directory = new URL('./golden/', import.meta.url);
const cases = readdirSync(directory)
  .map((file) => JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as GoldenCase)
  .filter(({ rules }) => !rules.some((rule) => rule === 'L1' || rule === 'L2')) // settlements/later-money.int.spec.ts
  .sort((a, b) => Number(a.case.slice(1)) - Number(b.case.slice(1)));

describe.each(cases.map((each) => ({ ...each, rules: each.rules.join(', ') })))('$case ($rules) $title', ({ runs }) => {
  it.each(runs.map((run) => ({ name: 'to the rupiah', ...run })))('$name', ({ agreement, memory, events }) => {
    const books = new Books(
      agreement === 'ID-1990' || agreement === undefined ? id1990 : agreementFrom(agreement),
      memory,
    );
    for (const event of events) {
      if ('sale' in event) expect(books.sell(event.sale)).toEqual(event.journal);
      else if ('refund' in event) expect(books.refund(event.refund)).toEqual(event.journal);
      else if ('contributions' in event) expect(books.record(event.contributions)).toEqual(event.journal);
      else if ('payout' in event) books.payOut(event.payout);
      else if ('allocate' in event) {
        expect(allocate(event.allocate.total, event.allocate.claims, event.allocate.scope)).toEqual(event.parts);
      } else {
        const date = postingDate(event.posting.occurredAt, event.posting.earliestOpenMonth);
        const { postedOn, week, month } = event;
        expect({ postedOn: date, week: periodOf(date, 'week'), month: periodOf(date, 'month') }).toEqual({
          postedOn,
          week,
          month,
        });
      }
      if ('remembers' in event) expect(books.memory).toMatchObject(event.remembers ?? {});
    }
    books.checkWhatIsLeft();
  });
});

/** The least that books must do around the pure rules: keep each line's state, and the memory. */
class Books {
  memory: Memory;
  readonly #agreement: Agreement;
  readonly #lines = new Map<string, PostedLine>();

  constructor(agreement: Agreement, memory = noMemory) {
    this.#agreement = agreement;
    this.memory = memory;
  }

  sell(sale: Sale & { placedAt: string }): Journal {
    const postedOn = postingDate(sale.placedAt);
    const needed = memoryNeeded(sale, this.#agreement, postedOn);
    const loaded = {
      counters: pick(this.memory.counters, needed.counters),
      owed: pick(this.memory.owed, needed.owed),
      pots: pick(this.memory.pots, needed.pots),
    };
    const { lines, changes } = share(sale, this.#agreement, postedOn, loaded);
    this.memory = withChanges(this.memory, changes);
    for (const { lineRef, scope, price, credits } of lines) {
      const state = { sale, scope, price, postedOn, refunded: 0, credits: credits.map(reversible) };
      this.#lines.set(`${sale.orderRef}/${lineRef}`, state);
    }
    const entries = lines.flatMap(({ credits }) =>
      credits.map(({ account, amount }) => ({ account, amount: -amount })),
    );
    return journal([
      { account: receivable(sale), amount: lines.reduce((sum, { price }) => sum + price, 0) },
      ...entries,
    ]);
  }

  refund({ orderRef, lineRef, amount }: { orderRef: string; lineRef: string; amount: Rupiah }): Journal {
    const line = this.#line(orderRef, lineRef);
    line.refunded += amount;
    const { credits, reversals } = takeBack(line.credits, line.refunded, line.price, line.scope);
    line.credits = credits;
    const back = reversals
      .filter(({ step }) => step !== undefined)
      .map((each) => ({ ...each, owner: each.part, fromAccount: each.amount }));
    this.memory = withChanges(this.memory, undo(this.memory, this.#agreement, line.postedOn, back));
    return journal([{ account: receivable(line.sale), amount: -amount }, ...reversals]);
  }

  record({ orderRef, lineRef, ...lot }: Lot & { orderRef: string; lineRef: string }): Journal {
    const line = this.#line(orderRef, lineRef);
    const recorded = recordContributions(line.credits, line.sale.facilityId, lot, line.scope);
    if (recorded === null) throw new Error(`${lot.lotId} is not in suspense`);
    line.credits = recorded.credits;
    const out = recorded.moved.reduce((sum, { amount }) => sum + amount, 0);
    return journal([
      { account: `suspense@${line.sale.facilityId}`, amount: out },
      ...recorded.moved.map(({ account, amount }) => ({ account, amount: -amount })),
    ]);
  }

  payOut({ pot, amount }: { pot: string; amount: Rupiah }): void {
    this.memory = { ...this.memory, pots: { ...this.memory.pots, [pot]: (this.memory.pots[pot] ?? 0) - amount } };
  }

  /** A line refunded whole has given back every rupiah of every credit. */
  checkWhatIsLeft(): void {
    for (const { refunded, price, credits } of this.#lines.values()) {
      if (refunded === price) expect(credits.map((each) => each.reversed)).toEqual(credits.map((each) => each.amount));
    }
  }

  #line(orderRef: string, lineRef: string): PostedLine {
    const line = this.#lines.get(`${orderRef}/${lineRef}`);
    if (line === undefined) throw new Error(`no line ${orderRef}/${lineRef}`);
    return line;
  }
}

interface PostedLine {
  sale: Sale;
  scope: string;
  price: Rupiah;
  postedOn: string;
  refunded: Rupiah;
  credits: Reversible[];
}

function receivable({ channel, facilityId }: Sale): string {
  return `channel:${channel}:receivable@${facilityId}`;
}

function journal(entries: readonly { account: string; amount: Rupiah }[]): Journal {
  const sums: Journal = {};
  for (const { account, amount } of entries) sums[account] = (sums[account] ?? 0) + amount;
  expect(Object.values(sums).reduce((sum, amount) => sum + amount, 0)).toBe(0);
  return sums;
}

function pick<Value>(all: Readonly<Record<string, Value>>, keys: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
}
