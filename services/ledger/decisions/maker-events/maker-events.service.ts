import { Injectable } from '@nestjs/common';
import { fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { notFound, Problem } from '#libs/http';
import { type Cause, newId } from '#libs/messaging';
import { isApprovedBy, requireSecondPerson, requireWithdrawable } from '../../approval.ts';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import { holdOpenMonth } from '../../books/calendar/open-month.repository.ts';
import { postingDate } from '../../books/calendar/period.ts';
import { changeRules } from '../../books/calendar/rules-lock.repository.ts';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import { type Journal, onOpenDay } from '../../books/journals/journal.ts';
import type { AccumulatorChange } from '../../sharing/memory/accumulator.ts';
import { MemoryService } from '../../sharing/memory/memory.service.ts';
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

  draft(transaction: Transaction, dto: MakerEventDraftDto, happening: Happening): Promise<MakerEvent> {
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
      if (isApprovedBy(draft.approvedBy, by)) return;
      requireSecondPerson(draft.createdBy, by);
      if (draft.withdrawnAt !== null) throw new Problem({ status: 409, title: 'Withdrawn by its drafter' });
      const obstructed = await this.#obstacle(transaction, draft);
      if (obstructed) throw new Problem({ status: 409, title: `No ${draft.type}`, detail: `${obstructed}.` });
      const event = { ...draft, number: await this.events.nextNumber(transaction), approvedBy: by };
      const { journals, changes } = await this.#journals(transaction, event, cause);
      await this.journals.postDecided(transaction, journals);
      const [journal] = journals;
      await this.memories.keep(transaction, [{ journalId: journal.journalId, changes }]);
      const { postedOn: effectiveOn } = onOpenDay(journal, await holdOpenMonth(transaction.query));
      await this.events.approve(transaction, { eventId, number: event.number, effectiveOn, by });
    });
    return this.find(eventId);
  }

  /** Only by its drafter, before another person has approved it; it may be said again. */
  async withdraw(eventId: string, by: string): Promise<MakerEvent> {
    await this.database.transaction(async (transaction) => {
      const draft = await this.#lock(transaction, eventId);
      requireWithdrawable(draft, by);
      if (draft.withdrawnAt === null) await this.events.withdraw(transaction, eventId);
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
  standing(reader: Pick<Transaction, 'query'>, makerId: string): Promise<Standing> {
    return this.events.standing(reader, makerId, postingDate(new Date().toISOString()));
  }

  async #lock(transaction: Transaction, eventId: string): Promise<MakerEvent> {
    const found = await this.events.lock(transaction, eventId);
    if (!found) throw notFound('Maker event', eventId);
    return found;
  }

  async #obstacle(transaction: Transaction, event: MakerEvent): Promise<string | undefined> {
    const { makerId } = event;
    const own = obstacle(event, await this.standing(transaction, makerId));
    if (own) return `${makerId} ${own}`;
    if (event.type !== 'merge') return undefined;
    const { into } = event.content;
    const survivor = await this.standing(transaction, into);
    if (survivor.mergedInto !== null) return `${into} was merged into ${survivor.mergedInto}`;
    if (survivor.frozen) return `${into} is frozen`;
    if (await this.events.isBeingPaid(transaction, makerId)) return `a payment to ${makerId} is on its way`;
    return undefined;
  }

  /** The first is the event's own; a merge has another for each facility whose books it moves money in. */
  async #journals(
    transaction: Transaction,
    event: Approved,
    cause: Cause,
  ): Promise<{ journals: [Journal, ...Journal[]]; changes: readonly AccumulatorChange[] }> {
    const { makerId, facilityId } = event;
    if (event.type !== 'merge') {
      const codes = ['savings', 'receivable', 'wages'].map((purpose) => `maker:${makerId}:${purpose}`);
      const entries =
        event.type === 'release' ? savingsReleased(makerId, await this.balances.find(transaction, codes)) : [];
      return { journals: [{ ...journalOf(event, cause), entries }], changes: [] };
    }
    const { into } = event.content;
    await this.balances.lockOwners(transaction, [`maker:${makerId}`, `maker:${into}`]);
    const entries = moved(makerId, into, await this.events.kept(transaction, makerId));
    const obligations = await this.events.obligations(transaction, makerId);
    const counters = await this.events.counters(transaction, makerId);
    const changes = memoryMoved(makerId, into, { obligations, counters });
    const keysOf = (moved: Parameters<typeof memoryMoved>[2]) =>
      memoryMoved(makerId, into, moved).map(({ key }) => key);
    const needed = { counters: keysOf({ counters }), owed: keysOf({ obligations }), pots: [] };
    const memory = changes.length > 0 ? (await this.memories.hold(transaction, [needed])).at(needed) : null;
    const own = {
      ...journalOf(event, cause, { obligations, counters }),
      memory,
      entries: entries.get(facilityId) ?? [],
    };
    const others = [...entries].filter(([facility]) => facility !== facilityId);
    return {
      journals: [
        own,
        ...others.map(([facility, ofFacility]) => ({
          ...journalOf(event, cause),
          facilityId: facility,
          sourceReference: `maker/${event.eventId}@${facility}`,
          entries: ofFacility,
        })),
      ],
      changes,
    };
  }
}

type Approved = MakerEvent & { readonly number: number; readonly approvedBy: string };

function journalOf(event: Approved, { correlationId }: Cause, facts: object = {}): Omit<Journal, 'entries'> {
  const { eventId, number, makerId, type, facilityId, reason, content, createdBy, approvedBy } = event;
  const occurredAt = event.occurredAt.toISOString();
  return {
    journalId: newId(),
    facilityId,
    kind: 'custody',
    postedOn: postingDate(occurredAt),
    occurredAt,
    sourceEventId: newId(),
    sourceReference: `maker/${eventId}`,
    reverses: null,
    agreement: null,
    correlationId,
    source: { eventId, number, makerId, type, reason, ...content, createdBy, approvedBy, ...facts },
  };
}
