import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { notFound, Problem } from '#libs/http';
import { type Cause, newId } from '#libs/messaging';
import { BalanceRepository } from '../accounts/balance.repository.ts';
import { postingDate } from '../agreements/period.ts';
import { isApprovedBy, requireDrafter, requireSecondPerson } from '../approval.ts';
import { JournalRepository } from '../journals/journal.repository.ts';
import { type Entry, type Journal, onOpenDay } from '../journals/journal.ts';
import { holdOpenMonth } from '../periods/open-month.repository.ts';
import { changeRules } from '../rules-lock.ts';
import type { DraftDto } from './maker-event.dto.ts';
import { MakerEventRepository } from './maker-event.repository.ts';
import { type Happening, type MakerEvent, obstacle, type Standing, savingsReleased } from './maker-event.ts';

/** What happens to makers: drafted by one person, approved by another, and written into the books, even if no money moves. */
@Injectable()
export class MakerEventsService {
  constructor(
    private readonly database: Database,
    private readonly events: MakerEventRepository,
    private readonly journals: JournalRepository,
    private readonly balances: BalanceRepository,
  ) {}

  draft(transaction: Transaction, dto: DraftDto, happening: Happening): Promise<MakerEvent> {
    const { makerId, facilityId, occurredAt, reason, by } = dto;
    if (Date.parse(occurredAt) > Date.now()) {
      const errors = [{ field: 'occurredAt', message: 'must not be in the future: draft it when it has happened' }];
      throw new Problem({ status: 422, title: 'Has not happened', errors });
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
      const obstructed = obstacle(draft, await this.standing(transaction, draft.makerId));
      if (obstructed) {
        throw new Problem({ status: 409, title: `No ${draft.type}`, detail: `${draft.makerId} ${obstructed}.` });
      }
      const number = await this.events.nextNumber(transaction);
      const journal = onOpenDay(
        journalOf({ ...draft, number, approvedBy: by }, await this.#entries(transaction, draft), cause),
        await holdOpenMonth(transaction.query),
      );
      const refused = await this.journals.post(transaction, [journal]);
      if (refused.size > 0) throw new Error(`maker event ${eventId} is in the books already`);
      await this.events.approve(transaction, { eventId, number, effectiveOn: journal.postedOn, by });
    });
    return this.find(eventId);
  }

  /** Only by its drafter, before another person has approved it; it may be said again. */
  async withdraw(eventId: string, by: string): Promise<MakerEvent> {
    await this.database.transaction(async (transaction) => {
      const draft = await this.#lock(transaction, eventId);
      requireDrafter(draft.createdBy, by);
      if (draft.approvedBy !== null) {
        throw new Problem({ status: 409, title: 'Already approved', detail: `by ${draft.approvedBy}` });
      }
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

  async #entries(transaction: Transaction, { type, makerId }: MakerEvent): Promise<Entry[]> {
    if (type !== 'release') return [];
    const codes = ['savings', 'receivable', 'wages'].map((purpose) => `maker:${makerId}:${purpose}`);
    return savingsReleased(makerId, await this.balances.find(transaction, codes));
  }
}

function journalOf(
  event: MakerEvent & { readonly number: number; readonly approvedBy: string },
  entries: readonly Entry[],
  { correlationId }: Cause,
): Journal {
  const { eventId, number, makerId, type, facilityId, reason, content, createdBy, approvedBy } = event;
  const occurredAt = event.occurredAt.toISOString();
  return {
    journalId: newId(),
    facilityId,
    kind: 'custody',
    postedOn: postingDate(occurredAt),
    occurredAt,
    sourceEventId: eventId,
    sourceReference: `maker/${eventId}`,
    reverses: null,
    agreement: null,
    correlationId,
    source: { eventId, number, makerId, type, reason, ...content, createdBy, approvedBy },
    entries,
  };
}
