import { Injectable } from '@nestjs/common';
import type { Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newId } from '#libs/messaging';
import { NotRupiah } from '#libs/money';
import type { Journal } from '../../books/journals/journal.ts';
import { postJournals } from '../../books/journals/posting.repository.ts';
import { type Books, openBooks } from '../../books/open-books.repository.ts';
import { type RefusalReason, RefusedEventRepository } from './refused-event.repository.ts';

/** A journal drafted for an event. */
export interface Draft<Data> {
  readonly event: Event<Data>;
  readonly journal: Journal;
}

/** An event that cannot be posted and never will be. */
export interface RefusedEvent {
  readonly event: Event;
  readonly reference: string;
  readonly reason: RefusalReason;
}

type DraftOf = Omit<Journal, 'journalId' | 'facilityId' | 'sourceEventId' | 'correlationId' | 'source'>;

/** Of all facilities that these events are about. */
export function openBooksFor(
  transaction: Transaction,
  events: readonly Event<{ facilityId: string }>[],
): Promise<Books> {
  return openBooks(
    transaction,
    events.map(({ data }) => data.facilityId),
  );
}

export function draft(event: Event<{ facilityId: string }>, journal: DraftOf): Journal {
  return {
    ...journal,
    journalId: newId(),
    facilityId: event.data.facilityId,
    sourceEventId: event.id,
    correlationId: event.correlationId,
    source: event.data,
  };
}

@Injectable()
export class EventPostingService {
  constructor(private readonly refusedEvents: RefusedEventRepository) {}

  /**
   * Does `work` for all events, or for all but those whose money would bring a sum beyond 2^53-1: these are kept as
   * refused, and stop no other.
   */
  async fitting<E extends Event<{ facilityId: string }>>(
    books: Books,
    events: readonly E[],
    referenceOf: (data: E['data']) => string,
    work: (events: readonly E[]) => Promise<void>,
  ): Promise<void> {
    try {
      await books.attempt(() => work(events));
    } catch (error) {
      if (!(error instanceof NotRupiah)) throw error;
      const [event, ...others] = events;
      if (event && others.length === 0) {
        const refused = { event, reference: referenceOf(event.data), reason: 'too-large' as const };
        return this.refusedEvents.add(books.transaction, [refused]);
      }
      const half = Math.ceil(events.length / 2);
      for (const some of [events.slice(0, half), events.slice(half)]) {
        await this.fitting(books, some, referenceOf, work);
      }
    }
  }

  /**
   * Posts what events ask for and keeps those that are refused; a duplicate is neither.
   * @param more journals that follow from the drafts, and are never refused
   * @returns those that are posted
   */
  async post<D extends Draft<unknown>>(
    books: Books,
    drafts: readonly D[],
    refused: readonly RefusedEvent[],
    more: readonly Journal[] = [],
  ): Promise<D[]> {
    const outcomes = await postJournals(books, [...drafts.map(({ journal }) => journal), ...more]);
    if (more.some(({ journalId }) => outcomes.has(journalId))) throw new Error('what follows from an event is refused');
    const conflicts = drafts
      .filter(({ journal }) => outcomes.get(journal.journalId) === 'conflict')
      .map(({ event, journal }): RefusedEvent => ({ event, reference: journal.sourceReference, reason: 'conflict' }));
    await this.refusedEvents.add(books.transaction, [...refused, ...conflicts]);
    return drafts.filter(({ journal }) => !outcomes.has(journal.journalId));
  }
}
