import type { Rupiah } from '#libs/money';
import { accountOfCode } from '../../books/accounts/account.ts';
import type { Agreement } from '../agreements/agreement.ts';
import {
  type GivenBack,
  type Memory,
  type MemoryKeys,
  makersOf,
  memoryNeeded,
  noMemory,
  SharedMemory,
  undo,
} from '../memory/memory.ts';
import { type Reversal, type Reversible, reversible, takeBack } from '../reversals/reversal.ts';
import type { Sale } from '../waterfall/sale.ts';
import { share } from '../waterfall/waterfall.ts';

/** A sale in the books: its frozen event, and what it credited and refunds took back, by line. */
export interface PastSale {
  readonly sale: Sale;
  /** `YYYY-MM-DD` */
  readonly postedOn: string;
  readonly lines: readonly {
    readonly lineRef: string;
    /** Of its price. */
    readonly refunded: Rupiah;
    readonly credits: readonly Pick<Reversible, 'account' | 'amount' | 'reversed'>[];
  }[];
}

/** What somebody got from the sales, net of refunds, and would have got. */
export interface Outcome {
  readonly owner: string;
  readonly posted: Rupiah;
  readonly simulated: Rupiah;
  /** Simulated less posted: positive, a gain. */
  readonly difference: Rupiah;
}

/** What the sales of one facility would have given, by kind of owner. */
export interface FacilityOutcome {
  readonly facilityId: string;
  readonly sales: number;
  readonly totals: readonly Outcome[];
}

export interface SimulationResult {
  readonly currency: 'IDR';
  readonly sales: number;
  readonly totals: readonly Outcome[];
  readonly byFacility: readonly FacilityOutcome[];
  readonly gain: number;
  readonly lose: number;
  readonly gainers: readonly Outcome[];
  readonly losers: readonly Outcome[];
}

/** Gains and losses that are named; the others are counted. */
const NAMED_MAX = 100;

export function resultOf(simulation: Simulation): SimulationResult {
  const outcomes = simulation.outcomes();
  const losers = outcomes.filter(({ difference }) => difference < 0);
  const gainers = outcomes.filter(({ difference }) => difference > 0).reverse();
  return {
    currency: 'IDR',
    sales: simulation.sales,
    totals: byKind(outcomes),
    byFacility: simulation.byFacility(),
    gain: gainers.length,
    lose: losers.length,
    gainers: gainers.slice(0, NAMED_MAX),
    losers: losers.slice(0, NAMED_MAX),
  };
}

interface Sum {
  posted: Rupiah;
  simulated: Rupiah;
}

/**
 * Shares past sales by another agreement, and adds up what would have been different. Nothing is kept of a sale but
 * sums per account and facility and what the agreement remembers, so it holds any number of them.
 *
 * What the agreement counts over periods begins at nothing; what is owed, and what ceilings are on, begins as it stands
 * in the books now. Sales that count are to be added in the order of their posting.
 *
 * A line's refunds are taken back at once: two refunds that came one after the other may have split by a rupiah a payee
 * differently, never more (golden.md, F1).
 */
export class Simulation {
  readonly #agreement: Agreement;
  readonly #accounts = new Map<string, Sum>();
  readonly #facilities = new Map<string, { sales: number; readonly kinds: Map<string, Sum> }>();
  readonly #memory = new SharedMemory(noMemory);
  #sales = 0;

  constructor(agreement: Agreement) {
    this.#agreement = agreement;
  }

  /** What the sales need to remember; balances among it are to be told by `learn` before the sales are added. */
  needs({ sale, postedOn }: PastSale): MemoryKeys {
    return memoryNeeded({ facilityId: sale.facilityId, makerIds: makersOf(sale) }, this.#agreement, postedOn);
  }

  learn(balances: Memory): void {
    this.#memory.learn(balances);
  }

  /** @throws RangeError when the agreement cannot share the sale */
  add(past: PastSale): void {
    const { sale, postedOn, lines } = past;
    const needed = this.needs(past);
    const shared = share(sale, this.#agreement, postedOn, this.#memory.at(needed));
    const all = shared.lines.flatMap(({ credits }) => credits);
    this.#memory.apply(
      shared.changes,
      all.map(({ account, amount }) => ({ account, amount: -amount })),
    );
    const ofFacility = this.#facilities.get(sale.facilityId) ?? { sales: 0, kinds: new Map<string, Sum>() };
    this.#facilities.set(sale.facilityId, ofFacility);
    const count = (account: string, figure: keyof Sum, amount: Rupiah): void => {
      sumIn(this.#accounts, account)[figure] += amount;
      sumIn(ofFacility.kinds, kindOf(accountOfCode(account).owner))[figure] += amount;
    };
    for (const [index, { lineRef, price, scope, credits }] of shared.lines.entries()) {
      const line = lines[index];
      if (line?.lineRef !== lineRef) throw new RangeError(`${scope} is not in the books`);
      for (const credit of line.credits) count(credit.account, 'posted', credit.amount - credit.reversed);
      for (const { account, amount } of credits) count(account, 'simulated', amount);
      if (line.refunded === 0) continue;
      const { reversals } = takeBack(credits.map(reversible), line.refunded, price, scope);
      const back = reversals.map((reversal) => givenBack(reversal, sale.facilityId));
      this.#memory.apply(undo(this.#memory.at(needed), this.#agreement, postedOn, back), reversals);
      for (const { account, amount } of reversals) count(account, 'simulated', -amount);
    }
    this.#sales += 1;
    ofFacility.sales += 1;
  }

  get sales(): number {
    return this.#sales;
  }

  /** Each owner's accounts together; by what it loses and gains, the greatest loss first. */
  outcomes(): Outcome[] {
    const sums = new Map<string, Sum>();
    for (const [code, { posted, simulated }] of this.#accounts) {
      const { owner } = accountOfCode(code);
      const sum = sums.get(owner) ?? { posted: 0, simulated: 0 };
      sums.set(owner, { posted: sum.posted + posted, simulated: sum.simulated + simulated });
    }
    return [...sums]
      .map(([owner, sum]) => ({ owner, ...sum, difference: sum.simulated - sum.posted }))
      .sort((a, b) => a.difference - b.difference || (a.owner < b.owner ? -1 : 1));
  }

  /** By id. */
  byFacility(): FacilityOutcome[] {
    return [...this.#facilities]
      .map(([facilityId, { sales, kinds }]) => ({
        facilityId,
        sales,
        totals: [...kinds].map(([owner, sum]) => ({ owner, ...sum, difference: sum.simulated - sum.posted })),
      }))
      .sort((one, other) => (one.facilityId < other.facilityId ? -1 : 1));
  }
}

function sumIn(sums: Map<string, Sum>, name: string): Sum {
  const sum = sums.get(name) ?? { posted: 0, simulated: 0 };
  sums.set(name, sum);
  return sum;
}

/** `maker` of `maker:M1`. */
function kindOf(owner: string): string {
  return owner.replace(/:.*/, '');
}

function givenBack({ step, part, account, amount }: Reversal, facilityId: string): GivenBack {
  const owner = step === undefined ? `facility:${facilityId}` : part;
  return { owner, step: step ?? null, account, amount, fromAccount: amount };
}

/** Owners of one kind together: `maker`, `facility`, `state`, ... */
function byKind(outcomes: readonly Outcome[]): Outcome[] {
  return [...Map.groupBy(outcomes, ({ owner }) => kindOf(owner))].map(([owner, of]) => ({
    owner,
    posted: sumOf(of, 'posted'),
    simulated: sumOf(of, 'simulated'),
    difference: sumOf(of, 'difference'),
  }));
}

function sumOf(outcomes: readonly Outcome[], figure: 'posted' | 'simulated' | 'difference'): Rupiah {
  return outcomes.reduce((sum, outcome) => sum + outcome[figure], 0);
}
