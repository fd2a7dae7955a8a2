import type { SalePaid } from '#libs/contracts';
import { type Rupiah, rupiah } from '#libs/money';
import { accountCode } from '../../books/accounts/account-code.ts';
import type { Entry } from '../../books/journals/journal.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { type Memory, noMemory } from '../../sharing/memory/memory.ts';
import { type Reversible, reversible } from '../../sharing/reversals/reversal.ts';
import { type SharedLine, share } from '../../sharing/waterfall/waterfall.ts';

/** What changes about a sale once it is in the books. */
export interface Sale {
  readonly saleId: string;
  readonly facilityId: string;
  readonly channel: string;
  /** The journal that credited it. */
  readonly journalId: string;
  /** `YYYY-MM-DD` in Asia/Jakarta. */
  readonly postedOn: string;
  readonly held: Held;
  /** Null: it is not settled at all, or nothing is open of it. */
  readonly open: OpenSettlement | null;
  /** ISO 8601: end of the return window of a channel that reports no settlements; null: a settlement releases. */
  readonly releaseAt: string | null;
  /** The journal that made what was pending available; null: it is pending. */
  readonly releasedBy: string | null;
  /** A dispute of it is open: nothing of it is released. */
  readonly frozen: boolean;
  /** ISO 8601: when the last of its disputes was closed; null: none was. It is released then at the earliest. */
  readonly thawedAt: string | null;
  /** Of its checkout. */
  readonly correlationId: string;
}

/** What a sale was settled for and is not at its end, or does not come to what it should. */
export interface OpenSettlement {
  /** The last one that was told. */
  readonly settlementId: string;
  /** How far what is left may be from nothing for it to be all; null: more is to follow, however little is left. */
  readonly tolerance: Rupiah | null;
}

/** What a sale and its refunds left on the channel's accounts and no settlement has cleared, debit positive. */
export interface Held {
  readonly receivable: Rupiah;
  readonly fees: Rupiah;
  readonly shipping: Rupiah;
}

/** Nothing is with the channel. */
export const nothingHeld: Held = { receivable: 0, fees: 0, shipping: 0 };

/** By line: lines of one sale may be in different scopes. */
export type AgreementsOfLines = ReadonlyMap<string, Agreement>;

/** The version that shared a whole sale; null: its lines have several. */
export function commonAgreement(agreements: AgreementsOfLines): Pick<Agreement, 'id' | 'version'> | null {
  const [first, ...others] = agreements.values();
  if (!first || others.some(({ id, version }) => id !== first.id || version !== first.version)) return null;
  return { id: first.id, version: first.version };
}

/** A sold line in the books: what refunds have taken back of it so far. */
export interface SaleLine {
  readonly saleId: string;
  readonly facilityId: string;
  readonly lineRef: string;
  /** The journal that credited it. */
  readonly journalId: string;
  /** That shared it. */
  readonly agreement: Agreement;
  readonly price: Rupiah;
  readonly refunded: Rupiah;
  readonly units: number;
  readonly unitsRefunded: number;
  readonly credits: readonly Reversible[];
}

/** One line of all sales. */
export function lineKey({ saleId, lineRef }: Pick<SaleLine, 'saleId' | 'lineRef'>): string {
  return JSON.stringify([saleId, lineRef]);
}

export interface SharedSale {
  readonly postedOn: string;
  readonly lines: readonly SharedLine[];
  readonly entries: readonly Entry[];
  /** What changed of the memory. */
  readonly changes: Memory;
}

/**
 * Shares a paid sale and writes it as entries: one debit of what the channel holds for us, one credit per line and
 * account (and own step).
 * @param postedOn the day that the books have
 * @param memory what the agreement needs to remember (`memoryNeeded`)
 */
export function shareSale(
  sale: SalePaid,
  agreements: AgreementsOfLines,
  postedOn: string,
  memory: Memory = noMemory,
): SharedSale {
  const { lines, changes } = share(sale, (lineRef) => agreementOf(lineRef, agreements), postedOn, memory);
  const paid = rupiah(lines.reduce((sum, { price }) => sum + price, 0));
  const debit = { account: receivable(sale), amount: paid, lineRef: null, step: null };
  const credits = lines.flatMap(({ lineRef, credits }) =>
    credits.map(({ name, account, amount }) => ({ account, amount: -amount, lineRef, step: stepOf(name, account) })),
  );
  return { postedOn, lines, entries: paid === 0 ? credits : [debit, ...credits], changes };
}

function agreementOf(lineRef: string, agreements: AgreementsOfLines): Agreement {
  const agreement = agreements.get(lineRef);
  if (!agreement) throw new RangeError(`line ${lineRef} has no agreement`);
  return agreement;
}

/** The lines of a sale as it is posted: nothing refunded yet. */
export function soldLines(
  sale: SalePaid,
  { lines }: SharedSale,
  { journalId, agreements }: { journalId: string; agreements: AgreementsOfLines },
): SaleLine[] {
  return lines.map(({ lineRef, price, credits }, index) => ({
    saleId: sale.saleId,
    facilityId: sale.facilityId,
    lineRef,
    journalId,
    agreement: agreementOf(lineRef, agreements),
    price,
    refunded: 0,
    units: sale.lines[index]?.quantity ?? 0,
    unitsRefunded: 0,
    credits: credits.map(reversible),
  }));
}

/** What a marketplace or gateway holds for a facility. */
export function receivable({ channel, facilityId }: ChannelOfSale): string {
  return `channel:${channel}:receivable@${facilityId}`;
}

/** What the channel holds after a journal's entries. */
export function heldAfter(before: Held, { channel, facilityId }: ChannelOfSale, entries: readonly Entry[]): Held {
  const moved = (account: string) =>
    entries.reduce((sum, entry) => sum + (entry.account === account ? entry.amount : 0), 0);
  return {
    receivable: before.receivable + moved(receivable({ channel, facilityId })),
    fees: before.fees + moved(accountCode.fees(channel, facilityId)),
    shipping: before.shipping + moved(accountCode.shipping(channel, facilityId)),
  };
}

type ChannelOfSale = Pick<Sale, 'channel' | 'facilityId'>;

/** A credit is named by its account, with `#stepId` for own steps. */
export function stepOf(credit: string, account: string): string | null {
  return credit.startsWith(`${account}#`) ? credit.slice(account.length + 1) : null;
}
