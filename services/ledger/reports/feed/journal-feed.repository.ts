import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { kindOf, type StoredKind } from '../../books/journals/kind.ts';
import type { FedEntry, FedJournal, Sold } from './journal-event.ts';

type Reader = Pick<Transaction, 'query'>;

export const JOURNALS_AT_ONCE = 1_000;
const ENTRIES_AT_ONCE = 20_000;

/** Else a plan that is made while there are no statistics reads all entries for those of a few journals. */
const ROW_BY_ROW = 'OFFSET 0';

/** How far the feed is with the chain of a facility. */
export interface FeedPosition {
  readonly facilityId: string;
  /** Of the last journal that is told; 0: none. */
  readonly number: number;
}

@Injectable()
export class JournalFeedRepository {
  /**
   * Facilities with journals that are not told yet, first those that have waited longest. Until the transaction ends
   * nobody else tells of them; those of which somebody does are left out.
   */
  async claim(transaction: Reader, limit: number): Promise<FeedPosition[]> {
    await transaction.query(
      `INSERT INTO feed_position (facility_id)
       SELECT facility_id FROM chain_head
        WHERE number > 0 AND NOT EXISTS (SELECT FROM feed_position WHERE feed_position.facility_id = chain_head.facility_id)
       ON CONFLICT DO NOTHING`,
    );
    return transaction.query(
      `SELECT facility_id AS "facilityId", feed_position.number FROM feed_position JOIN chain_head USING (facility_id)
        WHERE chain_head.number > feed_position.number
        ORDER BY told_at LIMIT $1 FOR UPDATE OF feed_position SKIP LOCKED`,
      [limit],
    );
  }

  /** The next journals of each of these chains, in its order: not many more than there may be at once, of all together. */
  async after(reader: Reader, positions: readonly FeedPosition[]): Promise<FedJournal[]> {
    const ofEach = (atOnce: number) => Math.ceil(atOnce / positions.length);
    const rows = await reader.query<Row>(
      `SELECT journal.facility_id AS "facilityId", chain_number AS number, journal_id AS "journalId", kind,
              posted_on AS "postedOn", occurred_at AS "occurredAt", recorded_at AS "recordedAt",
              source_reference AS "sourceReference", reverses, correlation_id AS "correlationId",
              agreement_id AS "agreementId", agreement_version AS "agreementVersion", encode(hash, 'hex') AS hash,
              CASE WHEN kind IN ('adjustment', 'custody') THEN source END AS source, sale.*
         FROM unnest($1::text[], $2::bigint[]) AS told (facility, number)
        CROSS JOIN LATERAL (
                SELECT * FROM (SELECT *, sum(entries) OVER (ORDER BY chain_number) - entries AS entries_before FROM journal
                                WHERE facility_id = facility AND chain_number > told.number
                                ORDER BY chain_number LIMIT $3) AS next
                 WHERE entries_before < $4) AS journal
         LEFT JOIN LATERAL (
                SELECT coalesce((SELECT sold.source FROM journal AS sold WHERE sold.journal_id = journal.reverses), source) AS sale,
                       CASE WHEN kind <> 'sale' THEN source ->> 'lineRef' END AS "ofLine"
                 WHERE kind IN ('sale', 'refund', 'contribution') OR (kind = 'adjustment' AND source -> 'lot' IS NOT NULL)
              ) AS sale ON true
        ORDER BY journal.facility_id, chain_number`,
      [
        positions.map(({ facilityId }) => facilityId),
        positions.map(({ number }) => number),
        ofEach(JOURNALS_AT_ONCE),
        ofEach(ENTRIES_AT_ONCE),
      ],
    );
    const entries = await this.#entriesOf(
      reader,
      rows.map(({ journalId }) => journalId),
    );
    return rows.map(({ source, sale, ofLine, agreementId, agreementVersion, ...row }) => ({
      ...row,
      kind: kindOf({ ...row, source }),
      sold: sale && { sale, ofLine },
      agreement: agreementId && agreementVersion ? { id: agreementId, version: agreementVersion } : null,
      entries: entries.get(row.journalId) ?? [],
    }));
  }

  /** By journal; of each account in its order. Rows, as the database makes JSON of them more slowly than we do. */
  async #entriesOf(reader: Reader, journalIds: readonly string[]): Promise<Map<string, FedEntry[]>> {
    const rows = await reader.query<EntryRow>(
      `SELECT journal_id AS "journalId", code AS account, amount, account_version AS version, running_balance AS balance,
              line_ref AS "lineRef", step
         FROM unnest($1::uuid[]) AS told
        CROSS JOIN LATERAL (SELECT * FROM entry WHERE journal_id = told ${ROW_BY_ROW}) AS entry
         JOIN account USING (account_id)
        ORDER BY account_id, account_version`,
      [journalIds],
    );
    const entries = new Map(journalIds.map((journalId) => [journalId, [] as FedEntry[]]));
    for (const { journalId, lineRef, step, ...entry } of rows) {
      entries.get(journalId)?.push({ ...entry, ...(lineRef !== null && { lineRef }), ...(step !== null && { step }) });
    }
    return entries;
  }

  async advance(transaction: Reader, positions: readonly FeedPosition[]): Promise<void> {
    await transaction.query(
      `UPDATE feed_position SET number = told.number, told_at = clock_timestamp()
         FROM unnest($1::text[], $2::bigint[]) AS told (facility, number) WHERE facility_id = facility`,
      [positions.map(({ facilityId }) => facilityId), positions.map(({ number }) => number)],
    );
  }
}

type Row = Omit<FedJournal, 'kind' | 'agreement' | 'entries' | 'sold'> & {
  readonly kind: StoredKind;
  readonly agreementId: string | null;
  readonly agreementVersion: number | null;
  /** Of a kind that held several. */
  readonly source: unknown;
  readonly sale: Sold['sale'] | null;
  readonly ofLine: string | null;
};

type EntryRow = Pick<FedEntry, 'account' | 'amount' | 'version' | 'balance'> & {
  readonly journalId: string;
  readonly lineRef: string | null;
  readonly step: string | null;
};
