import { Injectable } from '@nestjs/common';
import { type Event, refundPosted, type SalePaid, type SaleRefunded, saleCredited } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, newId, Outbox } from '#libs/messaging';
import { totalsOf } from '../accounts/account.ts';
import { AgreementRepository } from '../agreements/agreement.repository.ts';
import { agreementInForce } from '../agreements/in-force.ts';
import { postingDate } from '../agreements/period.ts';
import { JournalRepository } from '../journals/journal.repository.ts';
import type { Journal } from '../journals/journal.ts';
import { holdRules } from '../rules-lock.ts';
import { refundLine } from './refund.ts';
import { type RefusalReason, RefusedEventRepository } from './refused-event.repository.ts';
import { type SaleLine, shareSale, soldLines } from './sale.ts';
import { SaleLineRepository } from './sale-line.repository.ts';

/** A journal drafted for an event. */
interface Draft<Data> {
  readonly event: Event<Data>;
  readonly journal: Journal;
}

/** Shares what buyers paid, and takes back what they are refunded. A batch costs a fixed number of statements. */
@Injectable()
export class SalesService {
  constructor(
    private readonly agreements: AgreementRepository,
    private readonly journals: JournalRepository,
    private readonly saleLines: SaleLineRepository,
    private readonly refusedEvents: RefusedEventRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Credits facility, makers and state for each sale, by the agreement in force when its order was placed. */
  async credit(transaction: Transaction, events: readonly Event<SalePaid>[]): Promise<void> {
    await holdRules(transaction);
    const approved = await this.agreements.approved(transaction);
    const drafts: (Draft<SalePaid> & { lines: SaleLine[] })[] = [];
    const refused: { event: Event; reference: string; reason: RefusalReason }[] = [];
    for (const event of events) {
      const { saleId, placedAt } = event.data;
      const agreement = agreementInForce(approved, event.data);
      if (!agreement) {
        refused.push({ event, reference: saleId, reason: 'no-agreement' });
        continue;
      }
      const shared = shareSale(event.data, agreement);
      const journal = draft(event, {
        kind: 'sale',
        postedOn: shared.postedOn,
        occurredAt: placedAt,
        sourceReference: saleId,
        reverses: null,
        agreement: { id: agreement.id, version: agreement.version },
        entries: shared.entries,
      });
      drafts.push({ event, journal, lines: soldLines(event.data, shared, journal.journalId) });
    }

    const posted = await this.#post(transaction, drafts, refused);
    await this.saleLines.add(
      transaction,
      posted.flatMap(({ lines }) => lines),
    );
    await this.outbox.append(
      transaction,
      posted.map(({ event, journal }) => newEvent(saleCredited, summaryOf(event.data, journal), event)),
    );
  }

  /** Takes back from each payee its part of what the buyer was refunded. */
  async reverse(transaction: Transaction, events: readonly Event<SaleRefunded>[]): Promise<void> {
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

    const drafts: Draft<SaleRefunded>[] = [];
    const refused: { event: Event; reference: string; reason: RefusalReason }[] = [];
    const applied = new Set<Journal>();
    const changed = new Map<string, SaleLine>();
    for (const event of events) {
      const { refundId, occurredAt } = event.data;
      const line = lines.get(keyOf(event.data));
      if (!line) {
        refused.push({ event, reference: refundId, reason: 'sale-unknown' });
        continue;
      }
      // One that is in the books already is sent as well: the posting tells whether it is the same.
      const refund = known.has(refundId) ? { line, entries: [] } : refundLine(event.data, line);
      const journal = draft(event, {
        kind: 'refund',
        postedOn: postingDate(occurredAt),
        occurredAt,
        sourceReference: refundId,
        reverses: line.journalId,
        agreement: null,
        entries: refund.entries,
      });
      drafts.push({ event, journal });
      if (known.has(refundId)) continue;
      known.add(refundId);
      applied.add(journal);
      lines.set(keyOf(line), refund.line);
      changed.set(keyOf(line), refund.line);
    }

    const posted = await this.#post(transaction, drafts, refused);
    if (posted.length !== applied.size) throw new Error('a refund changed its line without being posted');
    await this.saleLines.saveRefunds(transaction, [...changed.values()]);
    await this.outbox.append(
      transaction,
      posted.map(({ event, journal }) =>
        newEvent(refundPosted, { refundId: event.data.refundId, ...summaryOf(event.data, journal) }, event),
      ),
    );
  }

  /** Posts the drafts and keeps what is refused; a duplicate is neither. @returns those that are posted */
  async #post<D extends Draft<unknown>>(
    transaction: Transaction,
    drafts: readonly D[],
    refused: { event: Event; reference: string; reason: RefusalReason }[],
  ): Promise<D[]> {
    const outcomes = await this.journals.post(
      transaction,
      drafts.map(({ journal }) => journal),
    );
    for (const { event, journal } of drafts) {
      if (outcomes.get(journal.journalId) === 'conflict') {
        refused.push({ event, reference: journal.sourceReference, reason: 'conflict' });
      }
    }
    await this.refusedEvents.add(transaction, refused);
    return drafts.filter(({ journal }) => !outcomes.has(journal.journalId));
  }
}

type DraftOf = Omit<Journal, 'journalId' | 'facilityId' | 'sourceEventId' | 'correlationId' | 'source'>;

function draft(event: Event<{ facilityId: string }>, journal: DraftOf): Journal {
  return {
    ...journal,
    journalId: newId(),
    facilityId: event.data.facilityId,
    sourceEventId: event.id,
    correlationId: event.correlationId,
    source: event.data,
  };
}

function summaryOf(
  { saleId, orderId, facilityId }: { saleId: string; orderId: string; facilityId: string },
  { journalId, postedOn, entries }: Journal,
) {
  return { saleId, orderId, facilityId, journalId, postedOn, totals: totalsOf(entries) };
}

function keyOf({ saleId, lineRef }: { saleId: string; lineRef: string }): string {
  return JSON.stringify([saleId, lineRef]);
}
