import type { SalePaid } from '#libs/contracts';
import { canonical } from '#libs/contracts';
import { accountOfCode } from '../../books/accounts/account.ts';
import { factsOf, type HashedJournal, type Head, hashOfFacts } from '../../books/chain/hash-chain.ts';
import type { Entry } from '../../books/journals/journal.ts';
import { imposed, type Obligation } from '../../decisions/adjustments/obligation.ts';
import { floorEntries, type MonthOfFloor } from '../../decisions/closes/floor.ts';
import { type MakerEventSource, memoryMoved } from '../../decisions/maker-events/maker-event.ts';
import { sameEntries } from '../../explanations/recompute/explanation.ts';
import { applyAgain, type LineEvent, sellAgain } from '../../explanations/recompute/replay.ts';
import { type SaleLine } from '../../sales/sales/sale.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { type ApprovedAgreement, agreementInForce } from '../../sharing/agreements/in-force.ts';
import { type Accumulator, type AccumulatorChange, changesOf } from '../../sharing/memory/accumulator.ts';
import { type Counter, type Memory, noMemory } from '../../sharing/memory/memory.ts';
import { contradictionsIn, type ListedKey, trustedIn } from '../seals/key-list.ts';
import { fingerprint, hashOfSeal, isGenuine, type Seal } from '../seals/seal.ts';

/*
 * What must hold of every row of the books, whoever wrote it. These are the checks; verification.repository.ts reads
 * the rows in the order in which they are wanted here.
 */

/** A row that is not what it must be. */
export interface Fault {
  readonly table:
    | 'account'
    | 'account_book'
    | 'accumulator'
    | 'accumulator_entry'
    | 'adjustment'
    | 'agreement'
    | 'chain_head'
    | 'closing_balance'
    | 'contribution'
    | 'deposit'
    | 'entry'
    | 'hold'
    | 'journal'
    | 'journal_memory'
    | 'kept'
    | 'maker_event'
    | 'maker_seat'
    | 'payout'
    | 'payout_item'
    | 'period_decision'
    | 'refused_event'
    | 'refused_event_resolution'
    | 'row_change'
    | 'sale'
    | 'sale_dispute'
    | 'sale_line'
    | 'sales_total'
    | 'seal'
    | 'seal_block'
    | 'seal_key';
  /** Its key. */
  readonly row: string;
  readonly says: string;
  /** It agrees with all others, and breaks a law of accounts or of decisions, which may be younger than it. */
  readonly law?: true;
}

export interface StoredEntry extends Entry {
  readonly version: number;
  readonly postedOn: string;
  readonly facilityId: string;
}

/** A journal with its entries, as they lie in the tables. */
export interface StoredJournal extends Omit<HashedJournal, 'entries'> {
  readonly number: number;
  readonly hash: string;
  /** Milliseconds since 1970, as text: whatever a Date would round away is still there. */
  readonly occurredAtMs: string;
  readonly recordedAtMs: string;
  readonly entryCount: number;
  readonly entries: readonly StoredEntry[];
}

export interface ChainEnd extends Head {
  readonly recordedAtMs: string | null;
}

export const startOfChain: ChainEnd = { number: 0, hash: null, recordedAtMs: null };

/** A journal by itself and after the one before it in its facility's chain. */
export function* journalFaults(journal: StoredJournal, before: ChainEnd): Generator<Fault> {
  const { journalId, facilityId, number, entries } = journal;
  const fault = (says: string): Fault => ({ table: 'journal', row: journalId, says });

  if (number !== before.number + 1) {
    yield {
      table: 'journal',
      row: `${facilityId} number ${before.number + 1}`,
      says: `is missing before ${journalId}`,
    };
  }
  for (const { version, account, postedOn, facilityId: facility } of entries) {
    if (postedOn === journal.postedOn && facility === facilityId) continue;
    const says = `is of ${facility} on ${postedOn}, its journal ${journalId} is of ${facilityId} on ${journal.postedOn}`;
    yield { table: 'entry', row: `${account} ${version}`, says };
  }
  if (entries.length !== journal.entryCount) yield fault(`has ${entries.length} entries, not ${journal.entryCount}`);
  const sum = entries.reduce((total, { amount }) => total + BigInt(amount), 0n); // a part of them may be beyond 2^53
  if (sum !== 0n) yield fault(`its entries sum to ${sum}, not to zero`);

  const wholeMs = [journal.occurredAtMs, journal.recordedAtMs].every((instant) => /^-?\d+$/.test(instant));
  if (!wholeMs) yield fault('an instant of it has a part of a millisecond');
  if (before.recordedAtMs !== null && Number(journal.recordedAtMs) < Number(before.recordedAtMs)) {
    yield fault('is recorded before the journal before it');
  }
  const recordedAt = new Date(Number(journal.recordedAtMs)).toISOString();
  const hash = hashOfFacts(factsOf(journal, { number, previous: before.hash, recordedAt }));
  if (hash !== journal.hash) {
    yield fault(`is not what was hashed: it, an entry of it or the hash before it was changed (${hash} is computed)`);
  }
}

export function* headFaults(facilityId: string, end: Head, head: Head | undefined): Generator<Fault> {
  if (head?.number === end.number && head.hash === end.hash) return;
  const says = `the chain ends at number ${end.number}, ${end.hash}; the head says ${head?.number}, ${head?.hash}`;
  yield { table: 'chain_head', row: facilityId, says };
}

/** A sale's journal with all that followed from it: the refunds of its lines, in order, and the lines as they stand. */
export interface SaleHistory {
  readonly sale: StoredJournal;
  readonly refunds: readonly StoredJournal[];
  readonly lines: readonly SaleLine[];
  /** Of all these journals. */
  readonly remembered: readonly StoredAccumulatorEntry[];
}

export interface StoredAccumulatorEntry extends Accumulator, AccumulatorChange {
  readonly version: number;
  readonly journalId: string;
}

/** Computes a sale and its refunds again, from what was frozen and the agreement, and compares with what is posted. */
export function* saleFaults(
  { sale, refunds, lines, remembered }: SaleHistory,
  approved: readonly ApprovedAgreement[],
): Generator<Fault> {
  const paid = JSON.parse(sale.source) as SalePaid;
  const agreements = new Map<string, Agreement>();
  for (const line of paid.lines) {
    const inForce = agreementInForce(approved, paid, line);
    // A journal names the version of all of its lines; where they have several, none.
    const named = sale.agreement ?? inForce ?? null;
    const agreement = approved.map(({ agreement }) => agreement).find(sameVersion(named));
    const fault = (says: string): Fault => ({ table: 'agreement', row: nameOf(named), says });
    if (!agreement) return yield fault(`shared ${sale.journalId}, but is not there`);
    if (!sameVersion(named)(inForce)) yield fault(`shared ${sale.journalId}, but ${nameOf(inForce)} is in force`);
    agreements.set(line.lineRef, agreement);
  }

  const { postedOn, journalId } = sale;
  const sold = attempt(() => sellAgain(paid, { agreements, postedOn, memory: memoryOf(sale) }, journalId));
  if (!sold || !sameEntries(sold.shared.entries, sale.entries)) {
    const names = [...new Set([...agreements.values()].map(nameOf))].join(', ');
    yield { table: 'journal', row: sale.journalId, says: `is not what ${names} gives for its event` };
  }
  if (!sold) return;
  yield* rememberedFaults(sale, changesOf(memoryOf(sale), sold.shared.changes), remembered);
  const computed = new Map(sold.lines.map((line) => [line.lineRef, line]));
  for (const refund of refunds) {
    const data = JSON.parse(refund.source) as LineEvent['data'];
    const memory = refund.memory ? memoryOf(refund) : null;
    const line = computed.get(data.lineRef);
    const applied = line && attempt(() => applyAgain({ data, memory }, line, postedOn, refund.entries));
    if (!applied || !sameEntries(applied.entries, refund.entries)) {
      yield { table: 'journal', row: refund.journalId, says: `is not what its event takes back of ${sale.journalId}` };
    }
    if (!applied) continue;
    computed.set(data.lineRef, applied.line);
    yield* rememberedFaults(refund, changesOf(memoryOf(refund), applied.changes), remembered);
  }

  for (const line of lines) {
    const expected = computed.get(line.lineRef);
    computed.delete(line.lineRef);
    if (canonical(line) !== canonical(expected)) {
      yield {
        table: 'sale_line',
        row: `${line.saleId} ${line.lineRef}`,
        says: 'is not what its sale and refunds left',
      };
    }
  }
  for (const { saleId, lineRef } of computed.values()) {
    yield { table: 'sale_line', row: `${saleId} ${lineRef}`, says: 'is missing' };
  }
}

/** An obligation that was imposed or remitted: a journal that only changes what is owed. */
export function* obligationFaults(
  journal: StoredJournal,
  remembered: readonly StoredAccumulatorEntry[],
): Generator<Fault> {
  yield* rememberedFaults(journal, [imposed(JSON.parse(journal.source) as Obligation, memoryOf(journal))], remembered);
}

/** A merge of makers moves what is remembered of one, and what he or she owes to beneficiaries, to the other. */
export function* mergeFaults(journal: StoredJournal, remembered: readonly StoredAccumulatorEntry[]): Generator<Fault> {
  const source = JSON.parse(journal.source) as MakerEventSource;
  yield* rememberedFaults(journal, memoryMoved(source.makerId, source.into ?? '', source), remembered);
}

/** A floor that a close guaranteed to makers, computed again from what the close found of them. */
export function* floorFaults(
  journal: StoredJournal,
  approved: readonly ApprovedAgreement[],
  remembered: readonly StoredAccumulatorEntry[],
): Generator<Fault> {
  const { journalId, postedOn, entries } = journal;
  const agreement = approved.map(({ agreement }) => agreement).find(sameVersion(journal.agreement));
  const memory = memoryOf(journal);
  const month = JSON.parse(journal.source) as MonthOfFloor;
  const computed = agreement && attempt(() => floorEntries(month, agreement, postedOn, memory));
  if (!computed || !sameEntries(computed.entries, entries) || agreement?.floor?.amount !== month.floor) {
    return yield { table: 'journal', row: journalId, says: 'is not what is missing to the floor' };
  }
  yield* rememberedFaults(journal, journal.memory ? changesOf(memory, computed.changes) : [], remembered);
}

/** What a journal changed of the memory that it found, and no other. */
function* rememberedFaults(
  journal: StoredJournal,
  changes: readonly AccumulatorChange[],
  remembered: readonly StoredAccumulatorEntry[],
): Generator<Fault> {
  const { journalId } = journal;
  const { counters, owed } = memoryOf(journal);
  const expected = new Map(changes.map((change) => [change.key, change]));
  for (const entry of remembered.filter((each) => each.journalId === journalId)) {
    const { key, version, input, taken, inputChange, takenChange } = entry;
    const change = expected.get(key);
    expected.delete(key);
    const before = { input: input - inputChange, taken: taken - takenChange };
    const isFound = key in owed ? before.input - before.taken === owed[key] : isSame(before, counters[key]);
    if (isFound && change?.inputChange === inputChange && change.takenChange === takenChange) continue;
    yield { table: 'accumulator_entry', row: `${key} ${version}`, says: `is not what ${journalId} changed` };
  }
  for (const key of expected.keys()) {
    yield { table: 'accumulator_entry', row: key, says: `what ${journalId} changed is missing` };
  }
}

function isSame(a: Counter, b: Counter | undefined): boolean {
  return a.input === b?.input && a.taken === b.taken;
}

function memoryOf({ memory }: StoredJournal): Memory {
  return memory ? JSON.parse(memory) : noMemory;
}

/** Undefined: from these figures nothing can be computed, as when a balance is gone from a memory. */
export function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function nameOf(agreement: { id: string; version: number } | null | undefined): string {
  return agreement ? `${agreement.id} v${agreement.version}` : 'none';
}

function sameVersion(wanted: { id: string; version: number } | null) {
  return (agreement: Agreement | undefined) => agreement?.id === wanted?.id && agreement?.version === wanted?.version;
}

export interface StoredAccount {
  readonly accountId: number;
  readonly code: string;
  readonly class: string;
  readonly owner: string;
  readonly purpose: string;
  readonly facilityId: string | null;
  readonly balance: number;
  readonly version: number;
}

/** Where an account stands after an entry. */
export interface Running {
  readonly version: number;
  readonly balance: number;
}

export interface AccountEntry {
  readonly accountId: number;
  readonly version: number;
  readonly amount: number;
  readonly runningBalance: number;
}

export function* entryFaults(entry: AccountEntry, before: Running): Generator<Fault> {
  const fault = (says: string): Fault => ({ table: 'entry', row: `${entry.accountId} ${entry.version}`, says });
  if (entry.version !== before.version + 1) yield fault(`number ${before.version + 1} of the account is missing`);
  const balance = before.balance + entry.amount;
  if (entry.runningBalance !== balance) yield fault(`says balance ${entry.runningBalance}, ${balance} is computed`);
}

export function* accountFaults(account: StoredAccount, { version, balance }: Running): Generator<Fault> {
  const fault = (says: string): Fault => ({ table: 'account', row: account.code, says });
  if (account.balance !== balance) yield fault(`says balance ${account.balance}, its entries sum to ${balance}`);
  if (account.version !== version) yield fault(`says ${account.version} entries, there are ${version}`);
  const { accountId: _, balance: __, version: ___, ...stored } = account;
  try {
    if (canonical(stored) !== canonical(accountOfCode(account.code))) yield fault('is not what its code says');
  } catch {
    yield fault('its code is not in the chart of accounts');
  }
}

/**
 * @param before the seal of the day before; undefined: it is the first
 * @param key that seals this day
 */
export function* sealFaults(
  seal: Seal,
  before: Seal | undefined,
  dayAfterBefore: string | undefined,
  key: ListedKey | undefined,
): Generator<Fault> {
  const fault = (says: string): Fault => ({ table: 'seal', row: seal.date, says });
  if (dayAfterBefore !== undefined && seal.date !== dayAfterBefore)
    yield fault(`the seal of ${dayAfterBefore} is missing`);
  if (seal.previous !== (before ? hashOfSeal(before) : null)) yield fault('does not name the seal before it');
  if (!isGenuine(seal)) yield fault('its signature is wrong');
  if (seal.publicKey !== key?.publicKey) yield fault('is not signed by the key of its day');
}

/** @param trusted from outside of the database; none: whose the keys are is not judged */
export function* keyFaults(keys: readonly ListedKey[], trusted: readonly string[]): Generator<Fault> {
  const fault = (number: number, says: string): Fault => ({ table: 'seal_key', row: `${number}`, says });
  for (const { number, says } of contradictionsIn(keys)) yield fault(number, says);
  if (trusted.length === 0) return;
  const vouchedFor = trustedIn(keys, trusted);
  for (const { number, from, publicKey } of keys) {
    if (vouchedFor.has(publicKey)) continue;
    yield fault(
      number,
      `(${fingerprint(publicKey)}), which seals from ${from} on, is none that is trusted or vouched for`,
    );
  }
}
