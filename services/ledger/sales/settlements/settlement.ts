import type { SaleSettled } from '#libs/contracts';
import type { Rupiah } from '#libs/money';
import { type Entry, entriesOfWhole } from '../../books/journals/journal.ts';
import { type Held, nothingHeld, type OpenSettlement, receivable, type Sale } from '../sales/sale.ts';

/** A sale as far as a settlement is concerned. */
export type SettledSale = Pick<Sale, 'channel' | 'facilityId' | 'held' | 'open'>;

export interface Settled {
  readonly entries: readonly Entry[];
  readonly held: Held;
  /** Null: it is settled, and what is pending becomes available. */
  readonly open: OpenSettlement | null;
}

/**
 * What a channel's report moves (golden.md, L2). What was paid out comes to the bank, and PPh 22 that was withheld is an
 * asset, whatever else is true of it. Expected fee and shipping are cleared, and actual less expected goes to the
 * channel's variance. Shares are never computed again.
 *
 * If it is all that is to come, what the channel holds is cleared to the rupiah, and what is then left over is variance
 * too. It is all if nothing is left, or if the report says so and agrees with the books. Else the sale stays open, for
 * what its channel holds, and is judged again after whatever is posted of it.
 *
 * What the channel holds is what the sale and its refunds left with it, so a later report settles later refunds: all
 * signs may turn.
 */
export function settle(sale: SettledSale, report: SaleSettled): Settled {
  const { channel, facilityId, held } = sale;
  const { fee, shipping, withheldTax, bank } = report;
  const paidOut = report.paidOut ?? held.receivable - fee - shipping - withheldTax;
  const bankAccount = `bank:${bank}@${facilityId}`;
  const part: Held = {
    receivable: report.revenue ?? held.receivable,
    fees: -partOf(fee, -held.fees),
    shipping: -partOf(shipping, -held.shipping),
  };
  const left: Held = {
    receivable: held.receivable - part.receivable,
    fees: held.fees - part.fees,
    shipping: held.shipping - part.shipping,
  };
  const told = openAfter(sale.open, report);
  const isAll = told === null || agrees(left, told.tolerance);
  const cleared = isAll ? held : part;
  const variance = cleared.receivable + cleared.fees + cleared.shipping - paidOut - withheldTax;
  return {
    entries: entriesOfWhole([
      [bankAccount, paidOut],
      ...clearing({ channel, facilityId }, cleared),
      [`tax:pph22-withheld@${facilityId}`, withheldTax],
      [varianceOf({ channel, facilityId }), variance],
    ]),
    held: isAll ? nothingHeld : left,
    open: isAll ? null : told,
  };
}

/** One settlement of an order is one of each of its sales. */
export function referenceOf({ settlementId, facilityId }: Pick<SaleSettled, 'settlementId' | 'facilityId'>): string {
  return `${settlementId}@${facilityId}`;
}

/** What ends a difference: all that the channel holds of the sale is cleared, and what is left over is variance. */
export function differenceEntries(sale: SettledSale): Entry[] {
  const { receivable, fees, shipping } = sale.held;
  return entriesOfWhole([...clearing(sale, sale.held), [varianceOf(sale), receivable + fees + shipping]]);
}

/**
 * Whether what is left of a sale is nothing, as far as it may be told: gross, as the price is settled and fees are the
 * channel's own affair, or net, as it has paid what remains after the fees that were expected.
 */
export function agrees({ receivable, fees, shipping }: Held, tolerance: Rupiah | null): boolean {
  if (receivable === 0) return true;
  if (tolerance === null) return false;
  return Math.min(Math.abs(receivable), Math.abs(receivable + fees + shipping)) <= tolerance;
}

/** A report of the time before reports told what they are about; it settles all, whatever it is. */
type Told = Pick<SaleSettled, 'settlementId' | 'settles' | 'tolerance'>;

function openAfter(before: OpenSettlement | null, { settlementId, settles, tolerance = 0 }: Told) {
  if (settles === undefined) return null;
  const own = settles === 'all' ? tolerance : null;
  const known = before?.tolerance ?? null;
  return { settlementId, tolerance: known === null || own === null ? (own ?? known) : Math.max(known, own) };
}

/** A journal of a sale: what its channel holds after it, and what was told if it settles. */
export interface SettledStep {
  readonly receivable: Rupiah;
  readonly report?: Told;
}

/** What is open of a sale after these journals of it, in their order. */
export function openOf(steps: readonly SettledStep[]): OpenSettlement | null {
  return steps.reduce<OpenSettlement | null>((before, { receivable, report }) => {
    const told = report ? openAfter(before, report) : before;
    return receivable === 0 ? null : told;
  }, null);
}

/** Of what was expected, what was kept; what was kept beyond it, or given back where nothing was to be, is not of it. */
function partOf(kept: Rupiah, expected: Rupiah): Rupiah {
  return Math.min(Math.max(kept, Math.min(0, expected)), Math.max(0, expected)) + 0;
}

type OfSale = Pick<Sale, 'channel' | 'facilityId'>;

/** What a channel kept beyond what was expected of it. */
export function varianceOf({ channel, facilityId }: OfSale): string {
  return `channel:${channel}:variance@${facilityId}`;
}

function clearing({ channel, facilityId }: OfSale, { receivable: owed, fees, shipping }: Held): [string, Rupiah][] {
  return [
    [`channel:${channel}:fees@${facilityId}`, -fees],
    [`channel:${channel}:shipping@${facilityId}`, -shipping],
    [receivable({ channel, facilityId }), -owed],
  ];
}
