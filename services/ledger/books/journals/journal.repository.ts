import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope, type Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import { NotRupiah, type Rupiah } from '#libs/money';
import { BalanceRepository, type Overdrawn } from '../accounts/balance.repository.ts';
import type { Books } from '../open-books.repository.ts';
import { type Entry, type Journal, takenFrom } from './journal.ts';
import type { JournalKind, StoredKind } from './kind.ts';
import { postJournals } from './posting.repository.ts';

export interface PostedEntry extends Entry {
  readonly accountVersion: number;
  /** Null: of a maker who is not seated in the scope; it would tell what is earned elsewhere. */
  readonly runningBalance: number | null;
}

/** SQL: of `entry JOIN account_book`, that of its account, if the scope may know it. @param facilities parameter: those of the scope */
export const RUNNING_BALANCE = (facilities: string) => `
  CASE WHEN ${facilities}::text[] IS NULL OR NOT starts_with(owner, 'maker:')
         OR EXISTS (SELECT FROM maker_seat WHERE maker_id = substr(owner, 7)) THEN running_balance END`;

export interface JournalFilter {
  readonly journalId?: string | undefined;
  readonly orderId?: string | undefined;
  readonly saleId?: string | undefined;
  readonly kinds?: readonly StoredKind[] | undefined;
  readonly source?: string | undefined;
  readonly facilityId?: string | undefined;
  /** Only those with a greater number in their facility's chain. */
  readonly after?: number | undefined;
  /** Of the last one on the page before. */
  readonly position?: Pick<PostedJournal, 'facilityId' | 'number'> | undefined;
  readonly limit: number;
}

/** A journal in the books, without the ids that its hashes are salted with: whoever may read it may not know these. */
export interface PostedJournal
  extends Omit<Journal, 'kind' | 'occurredAt' | 'entries' | 'memory' | 'sourceEventId' | 'correlationId'> {
  readonly kind: StoredKind;
  /** Place in the facility's chain. */
  readonly number: number;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  /** It came when its month was closed, and is posted on the first day that was open. */
  readonly late: boolean;
  /**
   * What was remembered of other journals when it was posted, as it is hashed; null: it does not depend on any, or the scope
   * is not all rows, as these are balances of makers.
   */
  readonly memory: object | null;
}

const columns =
  () => `journal_id AS "journalId", facility_id AS "facilityId", chain_number AS number, kind, posted_on AS "postedOn",
  occurred_at AS "occurredAt", posted_on > (occurred_at AT TIME ZONE 'Asia/Jakarta')::date AS late,
  recorded_at AS "recordedAt", source_reference AS "sourceReference", reverses,
  CASE WHEN agreement_id IS NOT NULL THEN json_build_object('id', agreement_id, 'version', agreement_version) END
    AS agreement, source,
  ${facilitiesInScope() ? 'NULL' : '(SELECT memory FROM journal_memory WHERE journal_memory.journal_id = journal.journal_id)'} AS memory`;

/** SQL. A sale is named after its order, with `@` and its facility, in whose id there is none. */
const SALES_OF_ORDER = (orderId: string) => `
  SELECT journal_id FROM sale
   WHERE sale_id > ${orderId} || '@' AND sale_id < ${orderId} || 'A' AND strpos(substr(sale_id, length(${orderId}) + 2), '@') = 0`;

@Injectable()
export class JournalRepository {
  constructor(
    private readonly database: Database,
    private readonly balances: BalanceRepository,
  ) {}

  /**
   * Posts what people decided: all of it or nothing, and only from what is there and not reserved.
   * @throws Problem (409) naming the accounts that would be overdrawn, (422) those whose balance would not fit
   */
  async postDecided(books: Books, journals: readonly Journal[]): Promise<void> {
    const refused = await postJournals(books, journals).catch((error) => {
      if (!(error instanceof NotRupiah)) throw error;
      throw new Problem({ status: 422, title: 'Too large', detail: `${error.message}.` });
    });
    if (refused.size > 0) throw new Error(`${[...refused.keys()]} are in the books already`);
    const changes = takenFrom(journals);
    const overdrawn = await this.balances.overdrawn(books.transaction, [...changes.keys()]);
    if (overdrawn.length === 0) return;
    const detail = overdrawn.map((each) => shortOf(each, changes.get(each.account) ?? 0)).join(' ');
    throw new Problem({ status: 409, title: 'Not enough there', detail });
  }

  /** Which of these references have a journal of this kind. */
  async known(transaction: Transaction, kind: JournalKind, references: readonly string[]): Promise<Set<string>> {
    const rows = await transaction.query<{ reference: string }>(
      'SELECT source_reference AS reference FROM journal WHERE source_reference = ANY ($1) AND kind = $2',
      [references, kind],
    );
    return new Set(rows.map(({ reference }) => reference));
  }

  /**
   * By facility, in the order of its chain: of a facility none comes later that stands before one that is read. `saleId`:
   * a sale and its refunds; `orderId`: all of an order; `source`: only those about this reference.
   */
  list(filter: JournalFilter): Promise<PostedJournal[]> {
    const { journalId, orderId, saleId, kinds, source, facilityId, after, position, limit } = filter;
    return this.database.query(
      `SELECT ${columns()} FROM journal
        WHERE ($8::text[] IS NULL OR facility_id = ANY ($8)) AND ($1::text IS NULL OR journal_id IN (
                SELECT journal_id FROM journal WHERE source_reference = $1 AND kind = 'sale'
                UNION ALL
                SELECT refund.journal_id FROM journal AS sale JOIN journal AS refund ON refund.reverses = sale.journal_id
                 WHERE sale.source_reference = $1 AND sale.kind = 'sale'))
          AND ($9::text IS NULL OR journal_id IN (
                SELECT sold FROM (${SALES_OF_ORDER('$9')}) AS sale (sold)
                UNION ALL
                SELECT journal_id FROM (${SALES_OF_ORDER('$9')}) AS sale (sold) JOIN journal ON reverses = sold))
          AND ($10::uuid IS NULL OR journal_id = $10)
          AND ($11::text[] IS NULL OR kind = ANY ($11))
          AND ($2::text IS NULL OR source_reference = $2)
          AND ($3::text IS NULL OR facility_id = $3)
          AND ($4::bigint IS NULL OR chain_number > $4)
          AND ($5::text IS NULL OR (facility_id, chain_number) > ($5, $6))
        ORDER BY facility_id, chain_number LIMIT $7`,
      [
        ...[saleId, source, facilityId, after, position?.facilityId, position?.number, limit, facilitiesInScope()],
        ...[orderId, journalId, kinds],
      ],
    );
  }

  async find(journalId: string): Promise<PostedJournal | undefined> {
    const [journal] = await this.database.query<PostedJournal>(
      `SELECT ${columns()} FROM journal WHERE journal_id = $1`,
      [journalId],
    );
    return journal;
  }

  /**
   * What happened to one sale line up to and including this refund, in the order in which it was applied: refunds, and
   * adjustments by contributions that were recorded later.
   */
  historyUpTo(refund: PostedJournal, lineRef: string): Promise<PostedJournal[]> {
    return this.database.query(
      `SELECT ${columns()} FROM journal
        WHERE reverses = $1 AND source ->> 'lineRef' = $2
          AND (recorded_at, journal_id) <= (SELECT recorded_at, journal_id FROM journal WHERE journal_id = $3)
        ORDER BY recorded_at, journal_id`,
      [refund.reverses, lineRef, refund.journalId],
    );
  }

  /** By journal id; by account, in the order of its statement. */
  async entriesOf(journalIds: readonly string[]): Promise<Map<string, PostedEntry[]>> {
    const rows = await this.database.query<PostedEntry & { journalId: string }>(
      `SELECT journal_id AS "journalId", code AS account, amount, line_ref AS "lineRef", step,
              account_version AS "accountVersion", ${RUNNING_BALANCE('$2')} AS "runningBalance"
         FROM entry JOIN account_book USING (facility_id, account_id)
        WHERE journal_id = ANY ($1)
        ORDER BY code, account_version`,
      [journalIds, facilitiesInScope()],
    );
    const entries = new Map(journalIds.map((journalId) => [journalId, [] as PostedEntry[]]));
    for (const { journalId, ...entry } of rows) entries.get(journalId)?.push(entry);
    return entries;
  }
}

/** @param asked debit positive, and posted */
function shortOf({ account, class: kind, balance, reserved }: Overdrawn, asked: Rupiah): string {
  const sign = kind === 'asset' ? 1 : -1;
  const there = sign * (balance - asked) + 0;
  return `${account}: the balance is ${there}, ${reserved} of it is reserved, ${there - reserved} is free, ${Math.abs(asked)} would be taken.`;
}
