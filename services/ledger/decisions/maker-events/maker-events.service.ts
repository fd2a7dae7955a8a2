import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { type ByPerson, decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import { type Cause, newId } from '#libs/messaging';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import { readAbout } from '../../books/accounts/maker-seat.repository.ts';
import { postingDate } from '../../books/calendar/period.ts';
import { changeRules } from '../../books/calendar/rules-lock.repository.ts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import type { Entry, Journal } from '../../books/journals/journal.ts';
import { kindNamed } from '../../books/journals/kind.ts';
import { type Books, openBooks } from '../../books/open-books.repository.ts';
import type { AccumulatorChange } from '../../sharing/memory/accumulator.ts';
import { MemoryService } from '../../sharing/memory/memory.service.ts';
import { type Memory, SharedMemory } from '../../sharing/memory/memory.ts';
import type { MakerEventDraftDto } from './maker-event.dto.ts';
import { MakerEventRepository } from './maker-event.repository.ts';
import {
  type Happening,
  type MakerEvent,
  memoryMoved,
  moved,
  obstacle,
  type Standing,
  savingsReleased,
} from './maker-event.ts';

/** What happens to makers: drafted by one person, approved by another, and written into the books, even if no money moves. */
@Injectable()
export class MakerEventsService {
  constructor(
    private readonly database: Database,
    private readonly events: MakerEventRepository,
    private readonly journals: JournalRepository,
    private readonly balances: BalanceRepository,
    private readonly memories: MemoryService,
  ) {}

  draft(transaction: Transaction, dto: ByPerson<MakerEventDraftDto>, happening: Happening): Promise<MakerEvent> {
    const { makerId, facilityId, occurredAt, reason, by } = dto;
    if (Date.parse(occurredAt) > Date.now()) {
      const future = fault(
        'in-the-future',
        'must not be in the future: draft it when it has happened',
        'tidak boleh di masa depan: buat setelah terjadi',
      );
      const errors = [{ field: 'occurredAt', ...future }];
      throw new Problem({ status: 422, title: 'Has not happened', errors });
    }
    if (happening.type === 'merge' && happening.content.into === makerId) {
      const errors = [{ field: 'into', ...fault('same', 'must be another maker', 'harus pembuat lain') }];
      throw new Problem({ status: 422, title: 'The same maker', errors });
    }
    const drafted = { eventId: newId(), makerId, facilityId, occurredAt: new Date(occurredAt), reason, createdBy: by };
    return this.events.add(transaction, { ...drafted, ...happening });
  }

  /** Does it. Whoever is posting is waited for, so that nothing is posted by how makers stood before. */
  async approve(eventId: string, by: string, cause: Cause): Promise<MakerEvent> {
    await this.database.transaction(async (transaction) => {
      await changeRules(transaction);
      const draft = await this.#lock(transaction, eventId);
      if (!isToDo(decisionOf(draft), 'approval', by)) return;
      await transaction.elevated(() => this.#do(transaction, draft, by, cause));
    });
    return this.find(eventId);
  }

  async #do(transaction: Transaction, draft: MakerEvent, by: string, cause: Cause): Promise<void> {
    const obstructed = await this.#obstacle(transaction, draft);
    if (obstructed) throw new Problem({ status: 409, title: `No ${draft.type}`, detail: `${obstructed}.` });
    const event = { ...draft, number: await this.events.nextNumber(transaction), approvedBy: by };
    const moved = await this.#moved(transaction, event);
    const books = await openBooks(transaction, [event.facilityId, ...moved.entries.keys()]);
    const journals = journalsOf(books, event, cause, moved);
    await this.journals.postDecided(books, journals);
    const [own] = journals;
    await this.memories.keep(transaction, [{ journalId: own.journalId, changes: moved.changes }]);
    const { eventId, number } = event;
    await this.events.approve(transaction, { eventId, number, effectiveOn: own.postedOn, by });
  }

  /** Withdraws or rejects a draft. */
  async refuse(eventId: string, refusal: Refusal): Promise<MakerEvent> {
    await this.database.transaction(async (transaction) => {
      await this.events.refuse(transaction, await this.#lock(transaction, eventId), refusal);
    });
    return this.find(eventId);
  }

  async find(eventId: string): Promise<MakerEvent> {
    const found = await this.events.find(this.database, eventId);
    if (!found) throw notFound('Maker event', eventId);
    return found;
  }

  list(filter: Parameters<MakerEventRepository['list']>[1]): Promise<MakerEvent[]> {
    return this.events.list(this.database, filter);
  }

  /** How a maker stands today. */
  standing(makerId: string): Promise<Standing> {
    return readAbout(this.database, `maker:${makerId}`, () => this.#standing(this.database, makerId));
  }

  #standing(reader: Pick<Transaction, 'query'>, makerId: string): Promise<Standing> {
    return this.events.standing(reader, makerId, postingDate(new Date().toISOString()));
  }

  async #lock(transaction: Transaction, eventId: string): Promise<MakerEvent> {
    const found = await this.events.lock(transaction, eventId);
    if (!found) throw notFound('Maker event', eventId);
    return found;
  }

  async #obstacle(transaction: Transaction, event: MakerEvent): Promise<string | undefined> {
    const { makerId } = event;
    const own = obstacle(event, await this.#standing(transaction, makerId));
    if (own) return `${makerId} ${own}`;
    if (event.type !== 'merge') return undefined;
    const { into } = event.content;
    const survivor = await this.#standing(transaction, into);
    if (survivor.mergedInto !== null) return `${into} was merged into ${survivor.mergedInto}`;
    if (survivor.frozen) return `${into} is frozen`;
    if (await this.events.isBeingPaid(transaction, makerId)) return `a payment to ${makerId} is on its way`;
    return undefined;
  }

  /** What it moves, by facility, and of what is remembered; while nobody else posts. */
  async #moved(transaction: Transaction, event: Approved): Promise<Moved> {
    const { makerId, facilityId } = event;
    if (event.type === 'release') {
      const codes = ['savings', 'receivable', 'wages'].map((purpose) => `maker:${makerId}:${purpose}`);
      const released = savingsReleased(makerId, await this.balances.find(transaction, codes));
      return { ...nothingMoved, entries: new Map([[facilityId, released]]) };
    }
    if (event.type !== 'merge') return nothingMoved;
    const { into } = event.content;
    const entries = moved(makerId, into, await this.events.kept(transaction, makerId));
    const obligations = await this.events.obligations(transaction, makerId);
    const counters = await this.events.counters(transaction, makerId);
    const changes = memoryMoved(makerId, into, { obligations, counters });
    const keysOf = (moved: Parameters<typeof memoryMoved>[2]) =>
      memoryMoved(makerId, into, moved).map(({ key }) => key);
    const needed = { counters: keysOf({ counters }), owed: keysOf({ obligations }), pots: [] };
    const found = changes.length > 0 ? await this.memories.hold(transaction, [needed]) : null;
    const memory = found && new SharedMemory(found).at(needed);
    return { entries, changes, memory, facts: { obligations, counters } };
  }
}

type Approved = MakerEvent & { readonly number: number; readonly approvedBy: string };

interface Moved {
  /** By facility. */
  readonly entries: ReadonlyMap<string, readonly Entry[]>;
  readonly changes: readonly AccumulatorChange[];
  readonly memory: Memory | null;
  /** Of a merge, what its journal's data say. */
  readonly facts: object;
}

const nothingMoved: Moved = { entries: new Map(), changes: [], memory: null, facts: {} };

/** The first is the event's own, even if it moves nothing; others are those of facilities in whose books it moves money. */
function journalsOf(
  books: Books,
  event: Approved,
  { correlationId }: Cause,
  { entries, memory, facts }: Moved,
): [Journal, ...Journal[]] {
  const { eventId, number, makerId, type, reason, content, createdBy, approvedBy } = event;
  const occurredAt = event.occurredAt.toISOString();
  const source = { eventId, number, makerId, type, reason, ...content, createdBy, approvedBy };
  const journalOf = (facilityId: string) => ({
    journalId: newId(),
    facilityId,
    kind: kindNamed('maker event', type),
    postedOn: books.dayOf(occurredAt),
    occurredAt,
    sourceEventId: newId(),
    sourceReference: `maker/${eventId}@${facilityId}`,
    reverses: null,
    agreement: null,
    correlationId,
    source,
    entries: entries.get(facilityId) ?? [],
  });
  const own = { ...journalOf(event.facilityId), sourceReference: `maker/${eventId}`, memory };
  const others = [...entries.keys()].filter((facilityId) => facilityId !== event.facilityId);
  return [{ ...own, source: { ...source, ...facts } }, ...others.map(journalOf)];
}
