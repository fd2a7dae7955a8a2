import { Injectable } from '@nestjs/common';
import { type Event, refundPosted, type SalePaid, type SaleRefunded, saleCredited } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, Outbox } from '#libs/messaging';
import { totalsOf } from '../../books/accounts/account.ts';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import { firstOpenMonth } from '../../books/calendar/open-month.repository.ts';
import { postingDate } from '../../books/calendar/period.ts';
import { holdRules } from '../../books/calendar/rules-lock.repository.ts';
import { lockHeads } from '../../books/chain/chain-head.repository.ts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import type { Journal } from '../../books/journals/journal.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { type ApprovedAgreement, agreementInForce } from '../../sharing/agreements/in-force.ts';
import { changesOf } from '../../sharing/memory/accumulator.ts';
import { MemoryService, type Remembering } from '../../sharing/memory/memory.service.ts';
import {
  type Memory,
  type MemoryKeys,
  makersOf,
  memoryNeeded,
  memoryOf,
  noMemory,
  remembers,
  together,
  undo,
} from '../../sharing/memory/memory.ts';
import { type Available, type Claim, limitedBy } from '../refunds/claw-back.ts';
import { neededBy, refundLine, refundOf } from '../refunds/refund.ts';
import { type Draft, draft, EventPostingService, type RefusedEvent } from './event-posting.service.ts';
import { SaleRepository } from './sale.repository.ts';
import {
  type AgreementsOfLines,
  commonAgreement,
  heldAfter,
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
    private readonly outbox: Outbox,
  ) {}

  /** Credits facility, makers and state for each sale, by the agreements in force when its order was placed. */
  credit(transaction: Transaction, events: readonly Event<SalePaid>[]): Promise<void> {
    return this.posting.fitting(
      transaction,
      events,
      ({ saleId }) => saleId,
      (some) => this.#credit(transaction, some),
    );
  }

  async #credit(transaction: Transaction, events: readonly Event<SalePaid>[]): Promise<void> {
    await holdRules(transaction);
    const approved = await this.agreements.approved(transaction);
    const agreed: AgreedSale[] = [];
    const refused: RefusedEvent[] = [];
    for (const event of events) {
      const agreements = agreementsInForce(approved, event.data);
      if (agreements) agreed.push({ event, agreements });
      else refused.push({ event, reference: event.data.saleId, reason: 'no-agreement' });
    }

    const drafts = agreed.some(isRemembering)
      ? await this.#rememberingDrafts(transaction, agreed)
      : agreed.map((sale) => saleDraft(sale));
    const posted = await this.posting.post(transaction, drafts, refused);
    const remembering = posted.flatMap(rememberingOf);
    const remembered = drafts.filter(({ journal, changes }) => journal.memory && changes !== noMemory);
    if (remembering.length !== remembered.length) throw new Error('a sale is remembered that is not posted');
    await this.memories.keep(transaction, remembering);
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
  async #rememberingDrafts(transaction: Transaction, agreed: readonly AgreedSale[]): Promise<SaleDraft[]> {
    await lockHeads(
      transaction.query,
      agreed.map(({ event }) => event.data.facilityId),
    );
    const known = await this.journals.known(
      transaction,
      'sale',
      agreed.map(({ event }) => event.data.saleId),
    );
    const earliestOpenMonth = (await firstOpenMonth(transaction.query)) ?? '';
    const sales = agreed.map((sale) => {
      const { facilityId, placedAt } = sale.event.data;
      const makerIds = makersOf(sale.event.data);
      const postedOn = postingDate(placedAt, earliestOpenMonth);
      const agreements = [...new Set(sale.agreements.values())];
      const needed = together(agreements.map((each) => memoryNeeded({ facilityId, makerIds }, each, postedOn)));
      return { sale, postedOn, needed };
    });
    const shared = await this.memories.hold(
      transaction,
      sales.map(({ needed }) => needed),
    );
    return sales.map(({ sale, postedOn, needed }) => {
      const { saleId } = sale.event.data;
      const memory = isRemembering(sale) ? shared.at(needed) : null;
      const drafted = saleDraft(sale, postedOn, memory);
      // One that is in the books already is sent as well, and changes nothing: the posting tells whether it is the same.
      if (known.has(saleId)) return { ...drafted, changes: noMemory };
      known.add(saleId);
      shared.apply(drafted.changes, drafted.journal.entries);
      return drafted;
    });
  }

  /** Takes back from each payee its part of what the buyer was refunded. */
  reverse(transaction: Transaction, events: readonly Event<SaleRefunded>[]): Promise<void> {
    return this.posting.fitting(
      transaction,
      events,
      ({ refundId }) => refundId,
      (some) => this.#reverse(transaction, some),
    );
  }

  async #reverse(transaction: Transaction, events: readonly Event<SaleRefunded>[]): Promise<void> {
    await lockHeads(
      transaction.query,
      events.map(({ data }) => data.facilityId),
    );
    const sales = await this.sales.lock(
      transaction,
      events.map(({ data }) => data.saleId),
    );
    const locked = await this.saleLines.lock(
      transaction,
      events.map(({ data }) => data),
    );
    const lines = new Map(locked.map((line) => [keyOf(line), line]));
    const known = await this.journals.known(
      transaction,
      'refund',
      events.map(({ data }) => data.refundId),
    );

    const refused: RefusedEvent[] = [];
    const refunds: { event: Event<SaleRefunded>; sale: Sale; line: SaleLine; claims: readonly Claim[] | null }[] = [];
    const changed = new Map<string, SaleLine>();
    for (const event of events) {
      const { refundId, saleId } = event.data;
      const line = lines.get(keyOf(event.data));
      const sale = sales.get(saleId);
      if (!line || !sale) {
        refused.push({ event, reference: refundId, reason: 'sale-unknown' });
        continue;
      }
      // One that is in the books already is sent as well: the posting tells whether it is the same.
      const refund = known.has(refundId) ? null : refundLine(event.data, line);
      refunds.push({ event, sale, line, claims: refund?.claims ?? null });
      if (!refund) continue;
      known.add(refundId);
      lines.set(keyOf(line), refund.line);
      changed.set(keyOf(line), refund.line);
    }

    const needs = refunds.map(({ sale, line, claims }) => neededBy(claims ?? [], line.agreement, sale));
    const shared = await this.memories.hold(transaction, needs);
    const available = await this.#availableTo(transaction, refunds);
    const drafts = refunds.map(({ event, sale: { saleId }, line, claims }, index) => {
      const { refundId, facilityId, occurredAt } = event.data;
      const sale = sales.get(saleId) as Sale;
      const { agreement } = line;
      const { entries, back } = refundOf(claims ?? [], { facilityId, isReleased: sale.releasedBy !== null }, available);
      sales.set(saleId, { ...sale, held: heldAfter(sale.held, sale, entries) });
      const memory = claims && remembers(agreement) ? shared.at(needs[index] as MemoryKeys) : null;
      const changes = memory ? undo(memory, agreement, sale.postedOn, back) : noMemory;
      shared.apply(changes, entries);
      const journal = draft(event, {
        kind: 'refund',
        postedOn: postingDate(occurredAt),
        occurredAt,
        sourceReference: refundId,
        reverses: line.journalId,
        agreement: null,
        memory,
        entries,
      });
      return { event, journal, changes };
    });

    const posted = await this.posting.post(transaction, drafts, refused);
    const applied = refunds.filter(({ claims }) => claims !== null);
    if (posted.length !== applied.length) throw new Error('a refund changed its line without being posted');
    await this.memories.keep(transaction, posted.flatMap(rememberingOf));
    await this.saleLines.saveRefunds(transaction, [...changed.values()]);
    await this.sales.save(transaction, [
      ...new Map(applied.map(({ sale: { saleId } }) => [saleId, sales.get(saleId) as Sale])).values(),
    ]);
    await this.outbox.append(
      transaction,
      posted.map(({ event, journal }) =>
        newEvent(refundPosted, { refundId: event.data.refundId, ...summaryOf(event.data, journal) }, event),
      ),
    );
  }

  /** What can be taken from the accounts that limit it; nobody else takes from them until the transaction ends. */
  async #availableTo(
    transaction: Transaction,
    refunds: readonly { sale: Sale; claims: readonly Claim[] | null }[],
  ): Promise<Available> {
    const limits = refunds.flatMap(({ sale, claims }) => limitedBy(claims ?? [], sale.releasedBy !== null));
    await this.balances.lockOwners(
      transaction,
      limits.flatMap(({ payees }) => payees), // who may approve a payout to them waits
    );
    return this.balances.available(
      transaction,
      limits.map(({ account }) => account),
    );
  }
}

interface AgreedSale {
  readonly event: Event<SalePaid>;
  readonly agreements: AgreementsOfLines;
}

/** Undefined: a line has none. */
function agreementsInForce(approved: readonly ApprovedAgreement[], sale: SalePaid): AgreementsOfLines | undefined {
  const agreements = new Map<string, Agreement>();
  for (const line of sale.lines) {
    const agreement = agreementInForce(approved, sale, line);
    if (!agreement) return undefined;
    agreements.set(line.lineRef, agreement);
  }
  return agreements;
}

function isRemembering({ agreements }: AgreedSale): boolean {
  return [...agreements.values()].some(remembers);
}

/** A draft, and what it changes of the memory that it found. */
type RememberingDraft<Data> = Draft<Data> & { readonly changes: Memory };

type SaleDraft = RememberingDraft<SalePaid> & { readonly lines: readonly SaleLine[] };

/** @param memory null: the agreements remember nothing */
function saleDraft({ event, agreements }: AgreedSale, postedOn?: string, memory: Memory | null = null): SaleDraft {
  const { data } = event;
  const shared = shareSale(data, agreements, postedOn, memory ?? noMemory);
  const journal = draft(event, {
    kind: 'sale',
    postedOn: shared.postedOn,
    occurredAt: data.placedAt,
    sourceReference: data.saleId,
    reverses: null,
    agreement: commonAgreement(agreements),
    memory,
    entries: shared.entries,
  });
  const lines = soldLines(data, shared, { journalId: journal.journalId, agreements });
  return { event, journal, changes: shared.changes, lines };
}

function rememberingOf({ journal, changes }: RememberingDraft<unknown>): Remembering[] {
  const memory = memoryOf(journal);
  return memory ? [{ journalId: journal.journalId, changes: changesOf(memory, changes) }] : [];
}

function summaryOf(
  { saleId, orderId, facilityId }: { saleId: string; orderId: string; facilityId: string },
  { journalId, postedOn, entries }: Journal,
) {
  return { saleId, orderId, facilityId, journalId, postedOn, totals: totalsOf(entries) };
}

/** A sale as it is posted: its channel holds everything, and all of it is pending. */
function soldSale({ saleId, facilityId, channel, releaseAt }: SalePaid, { journalId, entries }: Journal) {
  const held = heldAfter(nothingHeld, { channel, facilityId }, entries);
  return { saleId, facilityId, channel, journalId, held, releaseAt: releaseAt ?? null };
}

function keyOf({ saleId, lineRef }: { saleId: string; lineRef: string }): string {
  return JSON.stringify([saleId, lineRef]);
}
