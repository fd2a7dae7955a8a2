import { Injectable } from '@nestjs/common';
import {
  type ChargeBorne,
  type Event,
  type MoneyHeld,
  type SalePaid,
  type SaleRefunded,
  type SaleSettled,
  saleHeld,
  saleIdOf,
} from '#libs/contracts';
import { newEvent, newId, Outbox } from '#libs/messaging';
import type { Journal } from '../../books/journals/journal.ts';
import { postJournals } from '../../books/journals/posting.repository.ts';
import { type Books, openBooks } from '../../books/open-books.repository.ts';
import { EventPostingService } from '../sales/event-posting.service.ts';
import { referenceOf as referenceOfSettlement } from '../settlements/settlement.ts';
import { HoldRepository } from './hold.repository.ts';
import {
  type Assignment,
  assignedTo,
  clearedEntries,
  type Hold,
  type HoldSource,
  heldCharge,
  heldEntries,
  leftWithChannel,
} from './hold.ts';

type SaleEvent = Event<SalePaid | SaleRefunded | SaleSettled>;

/**
 * Holds money that nobody can be credited for yet, and undoes it when it is known whose it is. One journal each, and one
 * that mirrors it: on the day of what happened, so that no day counts money twice.
 */
@Injectable()
export class HoldsService {
  constructor(
    private readonly holds: HoldRepository,
    private readonly posting: EventPostingService,
    private readonly outbox: Outbox,
  ) {}

  /** Of goods of no known facility, or of an order that is not there, as orders tells it. */
  hold(books: Books, events: readonly Event<MoneyHeld>[]): Promise<void> {
    return this.posting.fitting(
      books,
      events,
      ({ holdId }) => holdId,
      (some) => this.#hold(books, some, ({ data }) => ({ holdId: data.holdId, source: data })),
    );
  }

  /** What a channel took or gave, of no store that is known. */
  holdCharges(books: Books, events: readonly Event<ChargeBorne>[]): Promise<void> {
    return this.posting.fitting(
      books,
      events,
      ({ chargeId }) => chargeId,
      (some) => this.#hold(books, some, ({ data }) => ({ holdId: `${data.chargeId}!1`, source: heldCharge(data) })),
    );
  }

  async #hold<Held extends Event<MoneyHeld | ChargeBorne>>(
    books: Books,
    events: readonly Held[],
    heldBy: (event: Held) => { readonly holdId: string; readonly source: HoldSource },
  ): Promise<void> {
    const drafts = events.map((event) => {
      const { holdId, source } = heldBy(event);
      return { event, holdId, source, journal: heldJournal(books, holdId, event, source) };
    });
    const posted = await this.posting.post(books, drafts, []);
    this.holds.add(
      books.transaction,
      posted.map(({ holdId, source, journal: { journalId, correlationId } }) => {
        return { ...source, holdId, journalId, correlationId, number: numberOf(holdId) };
      }),
    );
  }

  /**
   * It is known whose money an order's is, or the buyer has it back; or whose store a charge is of.
   * @param orders of each its holds up to a number
   */
  async clear(books: Books, orders: readonly { readonly orderId: string; readonly upTo: number }[]): Promise<void> {
    if (orders.length === 0) return;
    const { transaction } = books;
    const open = await this.holds.openOfOrders(transaction, orders);
    const isOpen = ({ facilityId }: Hold) => books.heads.ends.has(facilityId);
    await this.undo(books, open.filter(isOpen));
    // What was assigned to a facility is in its book, which nobody could open before it was known.
    const assigned = open.filter((hold) => !isOpen(hold));
    if (assigned.length === 0) return;
    const others = await openBooks(
      transaction,
      assigned.map(({ facilityId }) => facilityId),
    );
    await this.undo(others, assigned);
  }

  /**
   * Gives a facility what is held of an order that is not there.
   * @param books its own, and those of no facility
   * @param held as the books hold it
   * @returns the journal, still to be posted
   */
  async assign(books: Books, facilityId: string, held: Hold, assignment: Assignment): Promise<Journal> {
    await this.undo(books, [held]);
    const number = numberOf(held.holdId);
    const holdId = `${saleIdOf(held.orderId, facilityId)}!${number}`;
    const source = assignedTo(facilityId, held, assignment);
    const journal: Journal = {
      ...heldJournal(books, holdId, held, source),
      kind: 'assigned',
      source: { ...source, adjustmentId: assignment.adjustmentId },
    };
    const { journalId, correlationId } = journal;
    this.holds.add(books.transaction, [{ ...source, holdId, journalId, correlationId, number }]);
    return journal;
  }

  /**
   * Keeps sales without an agreement, and what follows of sales that are kept: held until an approval covers them.
   * @returns the events that are kept, or were before
   */
  async keep(books: Books, events: readonly SaleEvent[]): Promise<Set<SaleEvent>> {
    if (events.length === 0) return new Set();
    const { transaction } = books;
    const open = await this.holds.openOfSales(transaction, [...new Set(events.map(({ data }) => data.saleId))]);
    const ofSale = new Map<string, readonly Pick<Hold, 'subject' | 'amount'>[]>(
      Map.groupBy(open, ({ saleId }) => saleId),
    );
    const known = new Set(open.map(({ holdId }) => holdId));
    const kept = new Set<SaleEvent>();
    const drafts = events.flatMap((event) => {
      const { saleId } = event.data;
      const before = ofSale.get(saleId) ?? [];
      const isSale = 'lines' in event.data;
      if (!isSale && before.length === 0) return [];
      kept.add(event);
      const holdId = referenceOf(event.data);
      if (known.has(holdId)) return [];
      known.add(holdId);
      const source = { ...sourceOf(event.data, leftWithChannel(before)), event };
      ofSale.set(saleId, [...before, source]);
      return [{ event, source, journal: heldJournal(books, holdId, event, source) }];
    });
    const posted = await this.posting.post(books, drafts, []);
    this.holds.add(
      transaction,
      posted.map(({ source, journal: { journalId, correlationId, sourceReference } }) => {
        return { ...source, holdId: sourceReference, journalId, correlationId };
      }),
    );
    await this.outbox.append(
      transaction,
      posted.flatMap(({ event, source: { subject, saleId = '', orderId, facilityId } }) =>
        subject === 'order' ? [newEvent(saleHeld, { saleId, orderId, facilityId }, event)] : [],
      ),
    );
    return kept;
  }

  /** Mirrors these holds. */
  async undo(books: Books, holds: readonly Hold[]): Promise<void> {
    const journals = holds.map((hold): Journal => {
      const { holdId, journalId, correlationId, occurredAt, facilityId } = hold;
      return {
        journalId: newId(),
        facilityId,
        kind: 'held-cleared',
        postedOn: books.dayOf(occurredAt),
        occurredAt,
        sourceEventId: newId(), // one event undoes several
        sourceReference: holdId,
        reverses: journalId,
        agreement: null,
        correlationId,
        source: { holdId, facilityId },
        entries: clearedEntries(hold),
      };
    });
    const refused = await postJournals(books, journals);
    if (refused.size > 0) throw new Error(`${[...refused.keys()]} undo what is undone`);
    this.holds.clear(
      books.transaction,
      journals.map(({ sourceReference, journalId }) => ({ holdId: sourceReference, clearedBy: journalId })),
    );
  }
}

function heldJournal(
  books: Books,
  holdId: string,
  { correlationId }: Pick<Event, 'correlationId'>,
  source: HoldSource,
): Journal {
  return {
    journalId: newId(),
    facilityId: source.facilityId,
    kind: 'held',
    postedOn: books.dayOf(source.occurredAt),
    occurredAt: source.occurredAt,
    sourceEventId: newId(), // the event itself is posted later, when it is known whom to credit
    sourceReference: holdId,
    reverses: null,
    agreement: null,
    correlationId,
    source,
    entries: heldEntries(source),
  };
}

/** Which hold of its order it is. */
function numberOf(holdId: string): number {
  return Number(holdId.slice(holdId.lastIndexOf('!') + 1));
}

/** As the event is named where it is posted. */
function referenceOf(data: SaleEvent['data']): string {
  if ('lines' in data) return data.saleId;
  return 'refundId' in data ? data.refundId : referenceOfSettlement(data);
}

/** @param left with the channel: what a settlement is about that does not say so */
function sourceOf(data: SaleEvent['data'], left: number): HoldSource {
  const { saleId, orderId, channel, facilityId } = data;
  const of = { saleId, orderId, channel, facilityId };
  if ('lines' in data) {
    const amount = data.lines.reduce((sum, line) => sum + line.quantity * line.unitPrice - line.discount, 0);
    return { ...of, subject: 'order', amount, occurredAt: data.placedAt };
  }
  if ('refundId' in data) {
    const { refundId, amount, occurredAt } = data;
    return { ...of, subject: 'refund', refundId, amount, occurredAt };
  }
  const { settlementId, fee, shipping, withheldTax, bank, settledAt, revenue = left } = data;
  const settlement = { settlementId, fee, shipping, withheldTax, bank };
  return { ...of, subject: 'settlement', amount: revenue, occurredAt: settledAt, settlement };
}
