import { Injectable } from '@nestjs/common';
import { type Event, refundPosted, type SalePaid, type SaleRefunded, saleCredited } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, Outbox } from '#libs/messaging';
import { totalsOf } from '../../books/accounts/account.ts';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import type { Journal } from '../../books/journals/journal.ts';
import type { Books } from '../../books/open-books.repository.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';
import { changesOf } from '../../sharing/memory/accumulator.ts';
import { MemoryService, type Remembering } from '../../sharing/memory/memory.service.ts';
import { type Memory, type MemoryKeys, memoryOf, noMemory, SharedMemory } from '../../sharing/memory/memory.ts';
import { HoldsService } from '../holds/holds.service.ts';
import { type Available, limitedBy } from '../refunds/claw-back.ts';
import { neededBy } from '../refunds/refund.ts';
import { type ClaimedRefund, claimRefunds, type TakenRefund, takeRefunds } from '../refunds/refunds.ts';
import { DifferencesService } from '../settlements/differences.service.ts';
import { agrees } from '../settlements/settlement.ts';
import { type AgreedSale, agree, type DatedSale, isRemembering, neededToShare } from './agreed-sale.ts';
import { type Draft, draft, EventPostingService, type RefusedEvent } from './event-posting.service.ts';
import { SaleRepository } from './sale.repository.ts';
import {
  commonAgreement,
  heldAfter,
  lineKey,
  nothingHeld,
  type Sale,
  type SaleLine,
  shareSale,
  soldLines,
} from './sale.ts';
import { SaleLineRepository } from './sale-line.repository.ts';

/** Shares what buyers paid, and takes back what they are refunded. A batch costs a fixed number of statements. */
@Injectable()
export class SalesService {
  constructor(
    private readonly agreements: AgreementRepository,
    private readonly journals: JournalRepository,
    private readonly sales: SaleRepository,
    private readonly saleLines: SaleLineRepository,
    private readonly balances: BalanceRepository,
    private readonly memories: MemoryService,
    private readonly posting: EventPostingService,
    private readonly differences: DifferencesService,
    private readonly holds: HoldsService,
    private readonly outbox: Outbox,
  ) {}

  /** Credits facility, makers and state for each sale, by the agreements in force when its order was placed. */
  credit(books: Books, events: readonly Event<SalePaid>[]): Promise<void> {
    return this.posting.fitting(
      books,
      events,
      ({ saleId }) => saleId,
      (some) => this.#credit(books, some),
    );
  }

  async #credit(books: Books, events: readonly Event<SalePaid>[]): Promise<void> {
    const { transaction } = books;
    const { agreed, without } = agree(events, await this.agreements.approved(transaction));
    await this.holds.keep(books, without);
    const drafts = await this.#share(books, agreed);
    const posted = await this.posting.post(books, drafts, []);
    await this.#remember(transaction, drafts, posted);
    await this.sales.add(
      transaction,
      posted.map(({ event: { data }, journal }) => soldSale(data, journal)),
    );
    await this.saleLines.add(
      transaction,
      posted.flatMap(({ lines }) => lines),
    );
    await this.outbox.append(
      transaction,
      posted.map(({ event, journal }) => newEvent(saleCredited, summaryOf(event.data, journal), event)),
    );
  }

  /** Shares one sale after another, each by what those before it left remembered. */
  async #share(books: Books, agreed: readonly AgreedSale[]): Promise<SaleDraft[]> {
    const sales = agreed.map((sale) => ({ ...sale, postedOn: books.dayOf(sale.event.data.placedAt) }));
    if (!sales.some(isRemembering)) return sales.map((sale) => saleDraft(sale, null));
    const known = await this.journals.known(
      books.transaction,
      'sale',
      sales.map(({ event }) => event.data.saleId),
    );
    const shared = new SharedMemory(await this.memories.hold(books.transaction, sales.map(neededToShare)));
    return sales.map((sale) => {
      const { saleId } = sale.event.data;
      const drafted = saleDraft(sale, isRemembering(sale) ? shared.at(neededToShare(sale)) : null);
      // One that is in the books already is sent as well, and changes nothing: the posting tells whether it is the same.
      if (known.has(saleId)) return { ...drafted, changes: null };
      known.add(saleId);
      shared.apply(drafted.changes ?? noMemory, drafted.journal.entries);
      return drafted;
    });
  }

  /** Takes back from each payee its part of what the buyer was refunded. */
  reverse(books: Books, events: readonly Event<SaleRefunded>[]): Promise<void> {
    return this.posting.fitting(
      books,
      events,
      ({ refundId }) => refundId,
      (some) => this.#reverse(books, some),
    );
  }

  /** A sale that is open to be settled is judged after each of its refunds: those behind it wait for that. */
  async #reverse(books: Books, events: readonly Event<SaleRefunded>[]): Promise<void> {
    const sold = await this.#sold(books.transaction, events);
    const first = events.findIndex(({ data }) => sold.sales.get(data.saleId)?.open) + 1;
    if (first === 0 || first === events.length) return this.#takeBack(books, events, sold);
    await this.#takeBack(books, events.slice(0, first), sold);
    await this.#reverse(books, events.slice(first));
  }

  async #takeBack(
    books: Books,
    events: readonly Event<SaleRefunded>[],
    { sales, lines, known }: SoldLines,
  ): Promise<void> {
    const { transaction } = books;
    const claimed = claimRefunds(
      events.filter(({ data }) => lines.has(lineKey(data))),
      lines,
      known,
    );
    const memory = await this.memories.hold(
      transaction,
      claimed.map((each) => neededToTake(each, sales)),
    );
    const available = await this.#availableTo(transaction, claimed, sales);
    const { taken, sales: after } = takeRefunds(claimed, { sales, memory, available });
    const drafts = claimed.map(({ event, line }, index) =>
      refundDraft(books, event, line, taken[index] as TakenRefund),
    );
    const unknown = events.filter(({ data }) => !lines.has(lineKey(data)));
    const kept = await this.holds.keep(books, unknown);
    const refused = unknown
      .filter((event) => !kept.has(event))
      .map((event): RefusedEvent => ({ event, reference: event.data.refundId, reason: 'sale-unknown' }));

    const applied = claimed.filter(({ claims }) => claims !== null);
    await this.saleLines.saveRefunds(transaction, lastOf(applied.map(({ line }) => [lineKey(line), line])));
    const ended = await this.#judge(books, applied, after);
    const posted = await this.posting.post(books, drafts, refused, ended.journals);
    if (posted.length !== applied.length) throw new Error('a refund changed its line without being posted');
    await this.#remember(transaction, drafts, posted);
    await this.sales.save(
      transaction,
      lastOf([
        ...applied.map(({ event: { data } }) => [data.saleId, after.get(data.saleId) as Sale] as const),
        ...ended.sales.map((sale) => [sale.saleId, sale] as const),
      ]),
    );
    await this.outbox.append(
      transaction,
      posted.map(({ event, journal }) =>
        newEvent(refundPosted, { refundId: event.data.refundId, ...summaryOf(event.data, journal) }, event),
      ),
    );
  }

  /** Whether what refunds left of sales that are open to be settled is all that there was to come. */
  async #judge(books: Books, applied: readonly ClaimedRefund[], after: ReadonlyMap<string, Sale>) {
    return this.differences.end(
      books,
      applied.flatMap(({ event: { data } }) => {
        const sale = after.get(data.saleId) as Sale;
        if (sale.open === null || !agrees(sale.held, sale.open.tolerance)) return [];
        const { refundId, occurredAt } = data;
        return [{ sale, occurredAt, reference: refundId, because: { refundId } }];
      }),
    );
  }

  /** What these refunds are of, and which of them are in the books; nobody else posts about it until the end. */
  async #sold(transaction: Transaction, events: readonly Event<SaleRefunded>[]): Promise<SoldLines> {
    const refunds = events.map(({ data }) => data);
    const [sales, lines, known] = await Promise.all([
      this.sales.lock(
        transaction,
        refunds.map(({ saleId }) => saleId),
      ),
      this.saleLines.lock(transaction, refunds),
      this.journals.known(
        transaction,
        'refund',
        refunds.map(({ refundId }) => refundId),
      ),
    ]);
    return { sales, lines: new Map(lines.map((line) => [lineKey(line), line])), known };
  }

  /** What can be taken from the accounts that limit it; nobody else takes from them until the transaction ends. */
  async #availableTo(
    transaction: Transaction,
    claimed: readonly ClaimedRefund[],
    sales: ReadonlyMap<string, Sale>,
  ): Promise<Available> {
    const limits = claimed.flatMap(({ event, claims }) =>
      limitedBy(claims ?? [], sales.get(event.data.saleId)?.releasedBy !== null),
    );
    const [, available] = await Promise.all([
      this.balances.lockOwners(
        transaction,
        limits.flatMap(({ payees }) => payees), // who may approve a payout to them waits
      ),
      this.balances.available(
        transaction,
        limits.map(({ account }) => account),
      ),
    ]);
    return available;
  }

  /** What posted journals changed of what is remembered. */
  async #remember(
    transaction: Transaction,
    drafts: readonly RememberingDraft<unknown>[],
    posted: readonly RememberingDraft<unknown>[],
  ): Promise<void> {
    const remembering = posted.flatMap(rememberingOf);
    if (remembering.length !== drafts.flatMap(rememberingOf).length) {
      throw new Error('what is not posted is remembered');
    }
    await this.memories.keep(transaction, remembering);
  }
}

/** Sales and lines that refunds are of, and which refunds are in the books already. */
interface SoldLines {
  readonly sales: Map<string, Sale>;
  readonly lines: Map<string, SaleLine>;
  readonly known: Set<string>;
}

function neededToTake({ event, line, claims }: ClaimedRefund, sales: ReadonlyMap<string, Sale>): MemoryKeys {
  return neededBy(claims ?? [], line.agreement, sales.get(event.data.saleId) as Sale);
}

/** A draft, and what it changes of the memory that it found; null: nothing, or it is in the books already. */
type RememberingDraft<Data> = Draft<Data> & { readonly changes: Memory | null };

type SaleDraft = RememberingDraft<SalePaid> & { readonly lines: readonly SaleLine[] };

/** @param memory null: the agreements remember nothing */
function saleDraft({ event, agreements, postedOn }: DatedSale, memory: Memory | null): SaleDraft {
  const { data } = event;
  const shared = shareSale(data, agreements, postedOn, memory ?? noMemory);
  const journal = draft(event, {
    kind: 'sale',
    postedOn,
    occurredAt: data.placedAt,
    sourceReference: data.saleId,
    reverses: null,
    agreement: commonAgreement(agreements),
    memory,
    entries: shared.entries,
  });
  const lines = soldLines(data, shared, { journalId: journal.journalId, agreements });
  return { event, journal, changes: memory && shared.changes, lines };
}

function refundDraft(
  books: Books,
  event: Event<SaleRefunded>,
  { journalId }: SaleLine,
  { entries, memory, changes }: TakenRefund,
): RememberingDraft<SaleRefunded> {
  const { refundId, occurredAt } = event.data;
  const journal = draft(event, {
    kind: 'refund',
    postedOn: books.dayOf(occurredAt),
    occurredAt,
    sourceReference: refundId,
    reverses: journalId,
    agreement: null,
    memory,
    entries,
  });
  return { event, journal, changes };
}

function rememberingOf({ journal, changes }: RememberingDraft<unknown>): Remembering[] {
  const memory = memoryOf(journal);
  return memory && changes ? [{ journalId: journal.journalId, changes: changesOf(memory, changes) }] : [];
}

function summaryOf(
  { saleId, orderId, facilityId }: { saleId: string; orderId: string; facilityId: string },
  { journalId, postedOn, entries }: Journal,
) {
  return { saleId, orderId, facilityId, journalId, postedOn, totals: totalsOf(entries) };
}

/** A sale as it is posted: its channel holds everything, and all of it is pending. */
function soldSale({ saleId, facilityId, channel, releaseAt, settlesBy }: SalePaid, { journalId, entries }: Journal) {
  const held = heldAfter(nothingHeld, { channel, facilityId }, entries);
  return { saleId, facilityId, channel, journalId, held, releaseAt: releaseAt ?? null, settlesBy: settlesBy ?? null };
}

/** The last of each key. */
function lastOf<Value>(all: readonly (readonly [key: string, value: Value])[]): Value[] {
  return [...new Map(all).values()];
}
