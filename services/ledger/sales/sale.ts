import type { SalePaid } from '#libs/contracts';
import { type Rupiah, rupiah } from '#libs/money';
import type { Agreement } from '../agreements/agreement.ts';
import { postingDate } from '../agreements/period.ts';
import { type SharedLine, share } from '../agreements/waterfall.ts';
import type { Entry } from '../journals/journal.ts';
import { type Reversible, reversible } from '../refunds/reversal.ts';

/** A sold line in the books: what refunds have taken back of it so far. */
export interface SaleLine {
  readonly saleId: string;
  readonly lineRef: string;
  /** The journal that credited it. */
  readonly journalId: string;
  readonly price: Rupiah;
  readonly refunded: Rupiah;
  readonly units: number;
  readonly unitsRefunded: number;
  readonly credits: readonly Reversible[];
}

export interface SharedSale {
  readonly postedOn: string;
  readonly lines: readonly SharedLine[];
  readonly entries: readonly Entry[];
}

/**
 * Shares a paid sale and writes it as entries: one debit of what the channel holds for us, one credit per line and
 * account (and own step).
 */
export function shareSale(sale: SalePaid, agreement: Agreement): SharedSale {
  const postedOn = postingDate(sale.placedAt);
  const { lines } = share(sale, agreement, postedOn);
  const paid = rupiah(lines.reduce((sum, { price }) => sum + price, 0));
  const debit = { account: receivable(sale), amount: paid, lineRef: null, step: null };
  const credits = lines.flatMap(({ lineRef, credits }) =>
    credits.map(({ name, account, amount }) => ({ account, amount: -amount, lineRef, step: stepOf(name, account) })),
  );
  return { postedOn, lines, entries: paid === 0 ? credits : [debit, ...credits] };
}

/** The lines of a sale as it is posted: nothing refunded yet. */
export function soldLines(sale: SalePaid, { lines }: SharedSale, journalId: string): SaleLine[] {
  return lines.map(({ lineRef, price, credits }, index) => ({
    saleId: sale.saleId,
    lineRef,
    journalId,
    price,
    refunded: 0,
    units: sale.lines[index]?.quantity ?? 0,
    unitsRefunded: 0,
    credits: credits.map(reversible),
  }));
}

/** What a marketplace or gateway holds for a facility. */
export function receivable({ channel, facilityId }: { channel: string; facilityId: string }): string {
  return `channel:${channel}:receivable@${facilityId}`;
}

/** A credit is named by its account, with `#stepId` for own steps. */
export function stepOf(credit: string, account: string): string | null {
  return credit.startsWith(`${account}#`) ? credit.slice(account.length + 1) : null;
}
