import type { Transaction } from '#libs/database';
import type { StoredJournal } from './verification.ts';

type Query = Transaction['query'];

export const JOURNALS_PER_READ = 500;

const JOURNAL = `
  journal_id AS "journalId", facility_id AS "facilityId", kind, posted_on AS "postedOn", occurred_at AS "occurredAt",
  source_event_id AS "sourceEventId", source_reference AS "sourceReference", reverses,
  CASE WHEN agreement_id IS NOT NULL THEN json_build_object('id', agreement_id, 'version', agreement_version) END
    AS agreement,
  correlation_id AS "correlationId", source::text AS source,
  (SELECT memory::text FROM journal_memory WHERE journal_memory.journal_id = journal.journal_id) AS memory, chain_number AS number, encode(hash, 'hex') AS hash,
  trim_scale(extract(epoch FROM occurred_at) * 1000)::text AS "occurredAtMs",
  trim_scale(extract(epoch FROM recorded_at) * 1000)::text AS "recordedAtMs", journal.entries AS "entryCount",
  (SELECT coalesce(json_agg(json_build_object('account', coalesce(code, ''), 'amount', amount, 'lineRef', line_ref,
                                              'step', step, 'version', account_version, 'postedOn', entry.posted_on,
                                              'facilityId', entry.facility_id)), '[]')
     FROM entry LEFT JOIN account USING (account_id) WHERE entry.journal_id = journal.journal_id) AS entries`;

/** The next journals in the order of the chains, from the beginning when no facility is given. */
export function journalsAfter(query: Query, facilityId: string | undefined, number: number): Promise<StoredJournal[]> {
  return query(
    `SELECT ${JOURNAL} FROM journal WHERE $1::text IS NULL OR (facility_id, chain_number) > ($1, $2)
      ORDER BY facility_id, chain_number LIMIT ${JOURNALS_PER_READ}`,
    [facilityId, number],
  );
}

/** With the adjustments by contributions recorded later, in the order in which they were applied. */
export function refundsOfSales(query: Query, saleJournalIds: readonly string[]): Promise<StoredJournal[]> {
  return query(`SELECT ${JOURNAL} FROM journal WHERE reverses = ANY ($1) ORDER BY facility_id, chain_number`, [
    saleJournalIds,
  ]);
}

/** These journals, each with the hash of the one before it in its chain. */
export function journalsWithPrevious(
  query: Query,
  journalIds: readonly string[],
): Promise<(StoredJournal & { readonly previous: string | null })[]> {
  return query(
    `SELECT ${JOURNAL}, (SELECT encode(before.hash, 'hex') FROM journal AS before
                          WHERE before.facility_id = journal.facility_id
                            AND before.chain_number = journal.chain_number - 1) AS previous
       FROM journal WHERE journal_id = ANY ($1)`,
    [journalIds],
  );
}
