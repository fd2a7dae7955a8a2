import { Injectable } from '@nestjs/common';
import { Database, elevated, facilitiesInScope, readInParts } from '#libs/database';
import { RUNNING_BALANCE } from '../../books/journals/journal.repository.ts';
import type { StoredKind } from '../../books/journals/kind.ts';
import type { Snapshot } from '../../books/snapshot.repository.ts';

/** Which entries; what is not said does not limit them. */
export interface EntryFilter {
  readonly facilities: readonly string[];
  /** Days of posting, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly account?: string | undefined;
  readonly ownerKind?: string | undefined;
  readonly kind?: StoredKind | undefined;
  readonly agreement?: string | undefined;
  readonly journals?: readonly string[] | undefined;
}

/** Where an entry stands: of one account by version, of several by day and journal. */
export interface EntryPlace {
  readonly postedOn: string;
  readonly facilityId: string;
  readonly number: number;
  readonly accountId: number;
  readonly version: number;
}

export interface ListedEntry extends EntryPlace {
  readonly account: string;
  readonly occurredAt: Date;
  readonly journalId: string;
  readonly kind: string;
  readonly sourceReference: string;
  readonly lineRef: string | null;
  readonly step: string | null;
  readonly amount: number;
  /** Of the account after it; null: of a maker who is not seated in the scope. */
  readonly balance: number | null;
  readonly late: boolean;
}

/** From where, and in which direction. */
export interface EntryPage {
  readonly beyond?: EntryPlace | undefined;
  readonly order: 'asc' | 'desc';
  /** Absent: all of them. */
  readonly limit?: number | undefined;
}

export interface EntrySums {
  readonly count: number;
  readonly debit: number;
  readonly credit: number;
}

const ROWS_AT_ONCE = 1_000;

@Injectable()
export class EntryListRepository {
  constructor(private readonly database: Database) {}

  page(snapshot: Snapshot, filter: EntryFilter, page: EntryPage): Promise<ListedEntry[]> {
    const bound = new Bound();
    return snapshot.query(listed(filter, page, bound), bound.values);
  }

  /** All of them as they are found; memory stays flat however many there are. */
  async *all(snapshot: Snapshot, filter: EntryFilter, order: EntryPage['order']): AsyncGenerator<ListedEntry> {
    const bound = new Bound();
    const found = readInParts<ListedEntry>(snapshot, {
      name: 'listed',
      sql: listed(filter, { order }, bound),
      parameters: bound.values,
      rowsAtOnce: ROWS_AT_ONCE,
    });
    for await (const rows of found) yield* rows;
  }

  /** Of no more than so many of them, whichever are found first. */
  async sums(snapshot: Snapshot, filter: EntryFilter, limit: number): Promise<EntrySums> {
    const bound = new Bound();
    const [sums] = await snapshot.query<EntrySums>(
      `SELECT count(*), coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS debit,
              coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint AS credit
         FROM (SELECT amount FROM ${found(filter, { order: 'asc' }, '', bound)} LIMIT ${bound.to(limit)}) AS counted`,
      bound.values,
    );
    return sums as EntrySums;
  }

  /** What an account held in the books of these facilities before a day. */
  async opening(snapshot: Snapshot, account: string, { facilities, from }: EntryFilter): Promise<number> {
    if (from === undefined) return 0;
    const [opening] = await snapshot.query<{ balance: number }>(
      `SELECT coalesce(sum(balance), 0)::bigint AS balance
         FROM ${BOOK('$1', '$2')} CROSS JOIN LATERAL balances_on(book.account_id, $3::date - 1) AS held
        WHERE held.facility_id = ANY ($2)`,
      [account, facilities, from],
    );
    return opening?.balance ?? 0;
  }

  /** The journals about a sale that is in the scope: itself, and what refunded, settled, released or added to it. */
  async journalsOf(saleId: string): Promise<string[]> {
    const [sale] = await this.database.query<{ journalId: string }>(
      'SELECT journal_id AS "journalId" FROM sale WHERE sale_id = $1',
      [saleId],
    );
    if (!sale) return [];
    const about = await elevated(() =>
      this.database.query<{ journalId: string }>(
        `SELECT journal_id AS "journalId" FROM journal WHERE reverses = $1
         UNION
         SELECT journal_id FROM journal WHERE kind = 'settlement' AND source ->> 'saleId' = $2
         UNION
         SELECT journal_id FROM journal WHERE kind = 'difference' AND source ->> 'saleId' = $2
         UNION
         SELECT journal_id FROM journal WHERE kind = 'release' AND source_reference = $2`,
        [sale.journalId, saleId],
      ),
    );
    return [sale, ...about].map(({ journalId }) => journalId);
  }
}

/** The values of a statement's parameters. */
class Bound {
  readonly values: unknown[] = [];

  /** @returns the parameter */
  to(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** Of one account by version; of several by day, and of a day by journal. */
function ordered({ account }: EntryFilter, order: EntryPage['order']): string {
  const columns = account === undefined ? ['"postedOn"', '"facilityId"', 'number', '"accountId"'] : [];
  return [...columns, 'version'].map((column) => `${column} ${order}`).join(', ');
}

function listed(filter: EntryFilter, page: EntryPage, bound: Bound): string {
  const by = `ORDER BY ${ordered(filter, page.order)} LIMIT ${bound.to(page.limit ?? null)}`;
  return `SELECT * FROM ${found(filter, page, by, bound)} ${by}`;
}

/** SQL, in FROM: an account as it stands in the books of facilities. */
const BOOK = (code: string, facilities: string) => `
  (SELECT DISTINCT account_id, code, owner FROM account_book WHERE code = ${code} AND facility_id = ANY (${facilities})) AS book`;

/** Else a plan looks at all entries of a facility or account for those of a page. */
const ROW_BY_ROW = 'OFFSET 0';

/**
 * SQL, in FROM: entries. Of several accounts the journals of each facility in their order, and of each its entries; of one
 * account its entries in their order, and of each its journal.
 * @param by how many of a facility, in which order
 */
function found(filter: EntryFilter, { beyond, order }: EntryPage, by: string, bound: Bound): string {
  const { account, from, to } = filter;
  const after = order === 'asc' ? '>' : '<';
  const facilities = bound.to(filter.facilities);
  const columns = `
    posted_on AS "postedOn", facility_id AS "facilityId", chain_number AS number, account_id AS "accountId",
    account_version AS version, code AS account, occurred_at AS "occurredAt", journal_id AS "journalId", kind,
    source_reference AS "sourceReference", line_ref AS "lineRef", step, amount,
    ${RUNNING_BALANCE(bound.to(facilitiesInScope()))} AS balance,
    posted_on > (occurred_at AT TIME ZONE 'Asia/Jakarta')::date AS late`;
  const where = (conditions: readonly string[]) => (conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`);
  if (account !== undefined) {
    const place = beyond ? [`account_version ${after} ${bound.to(beyond.version)}`] : [];
    return `
      ${BOOK(bound.to(account), facilities)} CROSS JOIN LATERAL (
        SELECT ${columns}
          FROM (SELECT account_version, journal_id AS of_journal, line_ref, step, amount, running_balance
                  FROM entries_between(book.account_id, ${bound.to(from)}, ${bound.to(to)})
                 ${where([`facility_id = ANY (${facilities})`, ...place])}
                 ORDER BY account_version ${order} ${ROW_BY_ROW}) AS entry
         CROSS JOIN LATERAL (SELECT * FROM journal WHERE journal_id = of_journal ${ROW_BY_ROW}) AS journal
         ${where([...ofJournals(filter, bound), ...ofEntries(filter, bound)])} ${by}) AS line`;
  }
  const days = [
    ...(from === undefined ? [] : [`posted_on >= ${bound.to(from)}`]),
    ...(to === undefined ? [] : [`posted_on <= ${bound.to(to)}`]),
    ...(beyond ? isBeyond(beyond, after, bound) : []),
  ];
  return `
    unnest(${facilities}::text[]) AS asked (facility) CROSS JOIN LATERAL (
      SELECT ${columns}
        FROM journal
       CROSS JOIN LATERAL (SELECT account_id, account_version, line_ref, step, amount, running_balance FROM entry
                            WHERE entry.journal_id = journal.journal_id AND entry.facility_id = facility ${ROW_BY_ROW}) AS entry
       CROSS JOIN LATERAL (SELECT code, owner FROM account_book
                            WHERE account_book.facility_id = facility AND account_book.account_id = entry.account_id
                           ${ROW_BY_ROW}) AS book
       ${where(['facility_id = facility', ...days, ...ofJournals(filter, bound), ...ofEntries(filter, bound)])} ${by}) AS line`;
}

/** The day by itself as well, which is what the index has. */
function isBeyond({ postedOn, ...place }: EntryPlace, after: '<' | '>', bound: Bound): string[] {
  const { facilityId, number, accountId, version } = place;
  const day = bound.to(postedOn);
  const rest = [facilityId, number, accountId, version].map((part) => bound.to(part)).join(', ');
  return [
    `posted_on ${after}= ${day}`,
    `(posted_on, facility_id, chain_number, account_id, account_version) ${after} (${day}, ${rest})`,
  ];
}

function ofJournals({ kind, journals }: EntryFilter, bound: Bound): string[] {
  return [
    ...(kind === undefined ? [] : [`kind = ${bound.to(kind)}`]),
    ...(journals === undefined ? [] : [`journal.journal_id = ANY (${bound.to(journals)})`]),
  ];
}

function ofEntries({ ownerKind, agreement }: EntryFilter, bound: Bound): string[] {
  return [
    ...(ownerKind === undefined ? [] : [`split_part(owner, ':', 1) = ${bound.to(ownerKind)}`]),
    ...(agreement === undefined ? [] : [sharedBy(bound.to(agreement))]),
  ];
}

/** A sale whose lines have several agreements names none; its lines do. */
const sharedBy = (agreement: string) => `
  (agreement_id = ${agreement}
   OR (agreement_id IS NULL AND kind IN ('sale', 'refund')
       AND EXISTS (SELECT FROM sale_line WHERE sale_id = journal.source ->> 'saleId' AND sale_line.line_ref = entry.line_ref
                      AND shared_by = ${agreement})))`;
