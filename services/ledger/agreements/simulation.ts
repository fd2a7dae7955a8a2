import type { Rupiah } from '#libs/money';
import { accountOfCode } from '../accounts/account.ts';
import { type Reversible, reversible, takeBack } from '../refunds/reversal.ts';
import type { Agreement } from './agreement.ts';
import { postingDate } from './period.ts';
import type { Sale } from './sale.ts';
import { share } from './waterfall.ts';

/** A sale in the books: its frozen event, and what it credited and refunds took back, by line. */
export interface PastSale {
  readonly sale: Sale & { readonly placedAt: string };
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

/**
 * Shares past sales by another agreement, and adds up what would have been different. Nothing is kept of a sale but
 * sums per account, so it holds any number of them.
 *
 * A line's refunds are taken back at once: two refunds that came one after the other may have split by a rupiah a payee
 * differently, never more (golden.md, F1).
 */
export class Simulation {
  readonly #agreement: Agreement;
  readonly #accounts = new Map<string, { posted: Rupiah; simulated: Rupiah }>();
  #sales = 0;

  /** @param agreement remembers nothing from sale to sale */
  constructor(agreement: Agreement) {
    this.#agreement = agreement;
  }

  /** @throws RangeError when the agreement cannot share the sale */
  add({ sale, lines }: PastSale): void {
    const simulated = share(sale, this.#agreement, postingDate(sale.placedAt)).lines;
    for (const [index, { lineRef, price, scope, credits }] of simulated.entries()) {
      const line = lines[index];
      if (line?.lineRef !== lineRef) throw new RangeError(`${scope} is not in the books`);
      for (const credit of line.credits) this.#account(credit.account).posted += credit.amount - credit.reversed;
      for (const credit of netOf(credits.map(reversible), line.refunded, price, scope)) {
        this.#account(credit.account).simulated += credit.amount - credit.reversed;
      }
    }
    this.#sales += 1;
  }

  get sales(): number {
    return this.#sales;
  }

  /** Each owner's accounts together; by what it loses and gains, the greatest loss first. */
  outcomes(): Outcome[] {
    const sums = new Map<string, { posted: Rupiah; simulated: Rupiah }>();
    for (const [code, { posted, simulated }] of this.#accounts) {
      const { owner } = accountOfCode(code);
      const sum = sums.get(owner) ?? { posted: 0, simulated: 0 };
      sums.set(owner, { posted: sum.posted + posted, simulated: sum.simulated + simulated });
    }
    return [...sums]
      .map(([owner, sum]) => ({ owner, ...sum, difference: sum.simulated - sum.posted }))
      .sort((a, b) => a.difference - b.difference || (a.owner < b.owner ? -1 : 1));
  }

  #account(code: string): { posted: Rupiah; simulated: Rupiah } {
    const account = this.#accounts.get(code) ?? { posted: 0, simulated: 0 };
    this.#accounts.set(code, account);
    return account;
  }
}

function netOf(credits: Reversible[], refunded: Rupiah, price: Rupiah, scope: string): readonly Reversible[] {
  return refunded === 0 ? credits : takeBack(credits, refunded, price, scope).credits;
}

/** Owners of one kind together: `maker`, `facility`, `state`, ... */
export function byKind(outcomes: readonly Outcome[]): Outcome[] {
  return [...Map.groupBy(outcomes, ({ owner }) => owner.replace(/:.*/, ''))].map(([owner, of]) => ({
    owner,
    posted: sumOf(of, 'posted'),
    simulated: sumOf(of, 'simulated'),
    difference: sumOf(of, 'difference'),
  }));
}

function sumOf(outcomes: readonly Outcome[], figure: 'posted' | 'simulated' | 'difference'): Rupiah {
  return outcomes.reduce((sum, outcome) => sum + outcome[figure], 0);
}
