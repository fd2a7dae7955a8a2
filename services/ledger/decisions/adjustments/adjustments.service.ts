import { Injectable } from '@nestjs/common';
import { fault, UNALLOCATED } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { type ByPerson, decisionOf, isToDo, type Refusal } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import { type Cause, newId } from '#libs/messaging';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import type { Journal } from '../../books/journals/journal.ts';
import { kindNamed } from '../../books/journals/kind.ts';
import { type Books, openBooks } from '../../books/open-books.repository.ts';
import { HoldRepository } from '../../sales/holds/hold.repository.ts';
import { earnedOf, type Hold } from '../../sales/holds/hold.ts';
import { HoldsService } from '../../sales/holds/holds.service.ts';
import { SaleRepository } from '../../sales/sales/sale.repository.ts';
import type { Sale, SaleLine } from '../../sales/sales/sale.ts';
import { SaleLineRepository } from '../../sales/sales/sale-line.repository.ts';
import { DifferencesService } from '../../sales/settlements/differences.service.ts';
import { changesOf } from '../../sharing/memory/accumulator.ts';
import { MemoryService, type Remembering } from '../../sharing/memory/memory.service.ts';
import { memoryNeeded, remembers, SharedMemory } from '../../sharing/memory/memory.ts';
import { byContribution } from '../../sharing/waterfall/contribution.ts';
import type { ContributionsDto, DifferenceDto, EntriesDto, ObligationDto } from './adjustment.dto.ts';
import { type Adjustment, AdjustmentRepository, type Content } from './adjustment.repository.ts';
import { type AdjustmentEntry, faultsOf, isMakers, type Lot } from './adjustment.ts';
import { imposed, type Obligation, obligationKey } from './obligation.ts';
import { type RecordedLot, recordLot } from './recorded-lot.ts';

/** What people post by hand: drafted by one, approved by another, and posted as any journal is. */
@Injectable()
export class AdjustmentsService {
  constructor(
    private readonly database: Database,
    private readonly adjustments: AdjustmentRepository,
    private readonly journals: JournalRepository,
    private readonly sales: SaleRepository,
    private readonly saleLines: SaleLineRepository,
    private readonly memories: MemoryService,
    private readonly differences: DifferencesService,
    private readonly holds: HoldsService,
    private readonly heldMoney: HoldRepository,
  ) {}

  draftEntries(transaction: Transaction, { type, entries, ...dto }: ByPerson<EntriesDto>): Promise<Adjustment> {
    const errors = faultsOf(type, dto.facilityId, entries).map(({ entry, message }) => ({
      field: entry === undefined ? 'entries' : `entries.${entry}`,
      code: 'not-postable',
      message,
    }));
    if (errors.length > 0) throw new Problem({ status: 422, title: 'Not postable', errors });
    return this.#add(transaction, dto, {
      type,
      content: { entries: entries.map(({ account, amount }) => ({ account, amount })) },
    });
  }

  draftContributions(transaction: Transaction, { lot, ...dto }: ByPerson<ContributionsDto>): Promise<Adjustment> {
    const { lotId, measure, contributions } = lot;
    const content = {
      lotId,
      measure,
      contributions: contributions.map(({ makerId, weight }) => ({ makerId, weight })),
    };
    if (byContribution(1, content, lotId) === null) {
      throw new Problem({
        status: 422,
        title: 'Not postable',
        errors: [{ field: 'lot.contributions', ...fault('no-weight', 'have no weight', 'tidak berbobot') }],
      });
    }
    return this.#add(transaction, dto, { type: 'contributions', content });
  }

  /** The same of lots whose makers were recorded after they were sold, by whoever recorded them. */
  async draftFoundLate(transaction: Transaction, lots: readonly FoundLate[]): Promise<void> {
    if (lots.length === 0) return;
    const held = await this.adjustments.held(transaction, lots);
    for (const { facilityId, occurredAt, by, contributions, ...made } of held) {
      const lot = { ...made, contributions: [...contributions] };
      const reason = `Pembuat lot ${lot.lotId} dicatat sesudah barangnya terjual`;
      await this.draftContributions(transaction, { facilityId, occurredAt, reason, lot, by });
    }
  }

  draftObligation(transaction: Transaction, { obligation, ...dto }: ByPerson<ObligationDto>): Promise<Adjustment> {
    const { debtor, beneficiary, amount } = obligation;
    return this.#add(transaction, dto, { type: 'obligation', content: { debtor, beneficiary, amount } });
  }

  /** What a channel's settlements do not come to is accepted: nothing more is waited for, and the sale is released. */
  async draftDifference(transaction: Transaction, { saleId, ...dto }: ByPerson<DifferenceDto>): Promise<Adjustment> {
    const sale = await this.sales.find(transaction, saleId);
    if (sale?.facilityId !== dto.facilityId) {
      throw new Problem({
        status: 422,
        title: 'Not postable',
        errors: [
          { field: 'saleId', ...fault('unknown', 'is no sale of this facility', 'bukan penjualan fasilitas ini') },
        ],
      });
    }
    requireOpen(sale);
    return this.#add(transaction, dto, { type: 'difference', content: { saleId } });
  }

  /** What is held of an order that is not there, and will not come, or of no store that is known, is a facility's. */
  async draftAssignment(transaction: Transaction, { holdId, ...dto }: ByPerson<AssignmentOf>): Promise<Adjustment> {
    const held = requireHeld(holdId, await this.heldMoney.openWithoutOrder(transaction, holdId));
    const content = { holdId, amount: earnedOf(held) };
    return this.#add(transaction, { ...dto, occurredAt: held.occurredAt }, { type: 'assignment', content });
  }

  /** Posts a draft. All of it or nothing. */
  async approve(adjustmentId: string, by: string, cause: Cause): Promise<Adjustment> {
    await this.database.transaction(async (transaction) => {
      const draft = await this.#lock(transaction, adjustmentId);
      if (!isToDo(decisionOf(draft), 'approval', by)) return;
      await transaction.elevated(() => this.#post(transaction, draft, by, cause));
    });
    return this.find(adjustmentId);
  }

  async #post(transaction: Transaction, draft: Adjustment, by: string, cause: Cause): Promise<void> {
    const { facilityId, type } = draft;
    const books = await openBooks(transaction, type === 'assignment' ? [facilityId, UNALLOCATED] : [facilityId]);
    const { journals, remembering } = await this.#drafted(books, draft, by, cause);
    await this.journals.postDecided(books, journals);
    await this.memories.keep(transaction, remembering);
    const own = journals.filter(({ kind }) => kind !== 'release'); // which the sale's settlement is the cause of
    await this.adjustments.approve(transaction, draft.adjustmentId, by, own.length);
  }

  /** Withdraws or rejects a draft. */
  async refuse(adjustmentId: string, refusal: Refusal): Promise<Adjustment> {
    await this.database.transaction(async (transaction) => {
      await this.adjustments.refuse(transaction, await this.#lock(transaction, adjustmentId), refusal);
    });
    return this.find(adjustmentId);
  }

  async find(adjustmentId: string): Promise<Adjustment> {
    const found = await this.adjustments.find(this.database, adjustmentId);
    if (!found) throw notFound('Adjustment', adjustmentId);
    return found;
  }

  list(filter: Parameters<AdjustmentRepository['list']>[1]): Promise<Adjustment[]> {
    return this.adjustments.list(this.database, filter);
  }

  async #lock(transaction: Transaction, adjustmentId: string): Promise<Adjustment> {
    const found = await this.adjustments.lock(transaction, adjustmentId);
    if (!found) throw notFound('Adjustment', adjustmentId);
    return found;
  }

  #add(
    transaction: Transaction,
    { by, facilityId, occurredAt, reason }: ByPerson<Pick<EntriesDto, 'facilityId' | 'occurredAt' | 'reason'>>,
    content: Content,
  ): Promise<Adjustment> {
    const drafted = { adjustmentId: newId(), facilityId, occurredAt: new Date(occurredAt), reason, createdBy: by };
    return this.adjustments.add(transaction, { ...drafted, ...content });
  }

  async #drafted(books: Books, draft: Adjustment, by: string, cause: Cause): Promise<Drafted> {
    switch (draft.type) {
      case 'contributions':
        return this.#contributions(books, draft, draft.content, by, cause);
      case 'obligation':
        return this.#obligation(books, draft, draft.content, by, cause);
      case 'difference':
        return this.#difference(books, draft, draft.content, by);
      case 'assignment':
        return this.#assignment(books, draft, draft.content, by);
      default: {
        const journal = await this.#entries(books, draft, draft.content.entries, by, cause);
        return { journals: [journal], remembering: [] };
      }
    }
  }

  /** A journal without entries: what is owed changes, and nobody has paid anything yet. */
  async #obligation(
    books: Books,
    draft: Adjustment,
    obligation: Obligation,
    by: string,
    cause: Cause,
  ): Promise<Drafted> {
    const key = obligationKey(obligation);
    const needed = { counters: [], owed: [key], pots: [] };
    const memory = new SharedMemory(await this.memories.hold(books.transaction, [needed])).at(needed);
    const change = imposed(obligation, memory);
    const owed = memory.owed[change.key] ?? 0;
    if (owed + obligation.amount < 0) {
      throw new Problem({
        status: 409,
        title: 'Not so much owed',
        detail: `${owed} is owed, no more can be remitted.`,
      });
    }
    const journal = { ...wholeOf(books, draft, obligation, by, cause), memory, entries: [] };
    return { journals: [journal], remembering: [{ journalId: journal.journalId, changes: [change] }] };
  }

  async #entries(
    books: Books,
    draft: Adjustment,
    entries: readonly AdjustmentEntry[],
    by: string,
    cause: Cause,
  ): Promise<Journal> {
    const taken = entries.filter(({ account, amount }) => isMakers(account) && amount > 0);
    const frozen = await this.adjustments.frozen(
      books.transaction,
      taken.map(({ account }) => account),
    );
    if (frozen.length > 0) {
      throw new Problem({ status: 409, title: 'Frozen', detail: `Nothing may be taken from ${frozen.join(', ')}.` });
    }
    return {
      ...wholeOf(books, draft, { entries }, by, cause),
      entries: entries.map((entry) => ({ ...entry, lineRef: null, step: null })),
    };
  }

  /** A journal that clears what the channel holds, and, if it is not released yet, one that releases the sale. */
  async #difference(books: Books, draft: Adjustment, { saleId }: { saleId: string }, by: string): Promise<Drafted> {
    const sale = (await this.sales.lock(books.transaction, [saleId])).get(saleId);
    requireOpen(sale);
    const { adjustmentId, occurredAt, type, reason, createdBy } = draft;
    const { journals, sales } = await this.differences.end(books, [
      {
        sale,
        occurredAt: occurredAt.toISOString(),
        reference: `adjustment/${adjustmentId}`,
        because: { adjustmentId, type, reason, createdBy, approvedBy: by },
      },
    ]);
    await this.sales.save(books.transaction, sales);
    return { journals, remembering: [] };
  }

  /** What was held is held no longer, and a journal gives it to the facility. */
  async #assignment(books: Books, draft: Adjustment, { holdId }: { holdId: string }, by: string): Promise<Drafted> {
    const held = requireHeld(holdId, await this.heldMoney.openWithoutOrder(books.transaction, holdId));
    const { adjustmentId, facilityId, reason, createdBy } = draft;
    const assignment = { adjustmentId, type: 'assignment', reason, createdBy, approvedBy: by } as const;
    return { journals: [await this.holds.assign(books, facilityId, held, assignment)], remembering: [] };
  }

  /** One journal for each sale line of which the lot's part is in suspense; the lines are kept with their makers. */
  async #contributions(books: Books, draft: Adjustment, lot: Lot, by: string, cause: Cause): Promise<Drafted> {
    const { transaction } = books;
    const { adjustmentId, facilityId, reason, createdBy } = draft;
    const held = await this.adjustments.linesWithLot(transaction, facilityId, lot.lotId);
    const sales = await this.sales.lock(
      transaction,
      held.map(({ saleId }) => saleId),
    );
    const locked = await this.saleLines.lock(transaction, held);
    const orders = new Map(held.map(({ saleId, orderId }) => [saleId, orderId]));

    const makerIds = lot.contributions.map(({ makerId }) => makerId);
    const neededBy = ({ saleId, agreement }: SaleLine) =>
      memoryNeeded({ facilityId, makerIds }, agreement, sales.get(saleId)?.postedOn ?? '');
    const shared = new SharedMemory(await this.memories.hold(transaction, locked.map(neededBy)));

    const journals: Journal[] = [];
    const remembering: Remembering[] = [];
    const changed: SaleLine[] = [];
    for (const line of locked) {
      const { saleId, lineRef } = line;
      const { postedOn, releasedBy } = sales.get(saleId) as Sale;
      const memory = remembers(line.agreement) ? shared.at(neededBy(line)) : null;
      const orderId = orders.get(saleId) as string;
      const source: RecordedLot = {
        adjustmentId,
        saleId,
        orderId,
        facilityId,
        lineRef,
        lot,
        reason,
        createdBy,
        approvedBy: by,
      };
      const recorded = recordLot(source, line, { isReleased: releasedBy !== null, postedOn, memory });
      if (recorded === null) continue;
      shared.apply(recorded.changes, recorded.entries);
      changed.push(recorded.line);
      const journalId = newId();
      if (memory) remembering.push({ journalId, changes: changesOf(memory, recorded.changes) });
      journals.push({
        ...headOf(books, draft, cause),
        journalId,
        kind: 'contribution',
        sourceEventId: newId(),
        sourceReference: `adjustment/${adjustmentId}/${saleId}/${lineRef}`,
        reverses: line.journalId,
        source,
        memory,
        entries: recorded.entries,
      });
    }
    await this.saleLines.saveRefunds(transaction, changed);
    return { journals, remembering };
  }
}

/** A lot of whose sales suspense may hold the makers' part. */
export interface FoundLate extends Lot {
  readonly facilityId: string;
  /** When it was recorded. */
  readonly occurredAt: string;
  /** Person id of who did. */
  readonly by: string;
}

/** To whom what is held goes, and why. */
export interface AssignmentOf {
  readonly holdId: string;
  readonly facilityId: string;
  readonly reason: string;
}

/** What an approval posts. */
interface Drafted {
  readonly journals: readonly Journal[];
  readonly remembering: readonly Remembering[];
}

/** @throws Problem (409) */
function requireOpen<Of extends Pick<Sale, 'open'>>(sale: Of | undefined): asserts sale is Of {
  if (sale?.open) return;
  throw new Problem({
    status: 409,
    title: 'Nothing differs',
    detail: 'No settlement of this sale waits for more, or for a difference to be accepted.',
  });
}

/** @throws Problem (409) */
function requireHeld(holdId: string, hold: Hold | undefined): Hold {
  if (hold) return hold;
  const detail = `Nothing of an order or store that is not known is held as ${holdId}: what is held of an order becomes sales when its goods or its agreement are there.`;
  throw new Problem({ status: 409, title: 'Nothing to assign', detail });
}

/** The one journal of an adjustment. @param content of the adjustment, which is frozen with it */
function wholeOf(books: Books, draft: Adjustment, content: object, by: string, cause: Cause): Omit<Journal, 'entries'> {
  const { adjustmentId, type, reason, createdBy } = draft;
  return {
    ...headOf(books, draft, cause),
    journalId: newId(),
    kind: kindNamed('adjustment', type),
    sourceEventId: newId(),
    sourceReference: `adjustment/${adjustmentId}`,
    reverses: null,
    source: { adjustmentId, type, reason, ...content, createdBy, approvedBy: by },
  };
}

function headOf(books: Books, { facilityId, occurredAt }: Adjustment, { correlationId }: Cause) {
  const instant = occurredAt.toISOString();
  return { facilityId, occurredAt: instant, postedOn: books.dayOf(instant), agreement: null, correlationId };
}
