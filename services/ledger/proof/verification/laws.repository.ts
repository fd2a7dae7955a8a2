import type { Transaction } from '#libs/database';
import { STORED_MAKER_EVENTS } from '../../books/journals/kind.ts';
import type { Fault } from './verification.ts';

const ROWS_NAMED_MAX = 10;

/**
 * The laws of accounts and decisions, computed here and not by the functions of the database that enforce them: books
 * from before a law was enforced may break it though their rows agree with each other.
 */
export async function* lawFaults(query: Transaction['query']): AsyncGenerator<Fault> {
  for (const { table, broken } of laws) {
    const rows = await query<{ row: string; says: string; law: true | null }>(
      `SELECT row, says, law FROM (${broken}) AS broken ORDER BY row LIMIT ${ROWS_NAMED_MAX}`,
    );
    yield* rows.map(({ row, says, law }) => ({ table, row, says, ...(law && { law }) }));
  }
}

/** Of the maker's and beneficiaries' accounts that never owe what they are owed. */
const OWED = `purpose IN ('wages-pending', 'wages', 'savings', 'payable')`;

/** Positive: by how much an entry leaves its account on the side where it never is. */
const OVERDRAWN = `CASE WHEN ${OWED} THEN running_balance
                        WHEN purpose = 'receivable' AND account.facility_id IS NULL THEN -running_balance END`;

const laws: readonly { readonly table: Fault['table']; readonly broken: string }[] = [
  {
    // A merge is one decision in a journal for each facility: what counts is where the last of them leaves the account.
    table: 'entry',
    broken: `
      SELECT DISTINCT ON (code) code || ' ' || account_version AS row, true AS law,
             'leaves a balance of ' || running_balance || ' on an account that is never on that side' AS says
        FROM entry JOIN account USING (account_id)
       WHERE ${OVERDRAWN} > 0
         AND NOT EXISTS (SELECT FROM entry AS next
                           JOIN journal AS following ON following.journal_id = next.journal_id
                           JOIN journal AS this ON this.journal_id = entry.journal_id
                          WHERE next.account_id = entry.account_id AND next.account_version = entry.account_version + 1
                            AND this.kind IN (${STORED_MAKER_EVENTS}) AND following.kind IN (${STORED_MAKER_EVENTS})
                            AND this.source ->> 'eventId' = following.source ->> 'eventId')
       ORDER BY code, account_version`,
  },
  {
    table: 'account',
    broken: `
      SELECT code AS row, true AS law, reserved || ' is reserved of a balance of ' || balance AS says
        FROM account WHERE ${OWED} AND reserved > 0 AND balance + reserved > 0`,
  },
  {
    table: 'account',
    broken: `
      SELECT coalesce(account.code, promise.code) AS row, NULL::boolean AS law,
             'says ' || coalesce(reserved, 0) || ' reserved, ' || coalesce(promised, 0) || ' is promised of it' AS says
        FROM account
        FULL JOIN (SELECT code, sum(amount) AS promised
                     FROM (SELECT account AS code, amount FROM payout_item WHERE status IN ('reserved', 'sent')
                           UNION ALL
                           SELECT 'state:pnbp@' || facility_id, amount FROM deposit WHERE ntpn IS NULL) AS promises
                    GROUP BY code) AS promise ON promise.code = account.code
       WHERE coalesce(reserved, 0) <> coalesce(promised, 0)`,
  },
  {
    table: 'payout_item',
    broken: `
      SELECT item_id::text AS row, NULL::boolean AS law, 'is of an account that its facility pays nobody from' AS says
        FROM payout_item
       WHERE account !~ '^maker:.+:wages$'
         AND NOT (account ~ '^beneficiary:' AND right(account, length(facility_id) + 9) = ':payable@' || facility_id)`,
  },
  {
    table: 'payout_item',
    broken: `
      WITH RECURSIVE person AS (
        SELECT account, split_part(account, ':', 2) AS maker_id FROM payout_item WHERE payee IS NOT NULL
        UNION
        SELECT account, content ->> 'into' FROM person JOIN maker_event USING (maker_id)
         WHERE type = 'merge' AND number IS NOT NULL
      )
      SELECT item_id::text AS row, NULL::boolean AS law, 'is paid to somebody whom no two persons have named' AS says
        FROM payout_item
       WHERE payee IS NOT NULL
         AND NOT EXISTS (SELECT FROM person JOIN maker_event USING (maker_id)
                          WHERE person.account = payout_item.account AND number IS NOT NULL
                            AND payee IN (content ->> 'payee', 'maker:' || (content ->> 'into')))`,
  },
  ...(
    [
      ['adjustment', 'adjustment_id::text', 'created_by', 'approved_by'],
      ['agreement', `agreement_id || ' ' || version`, 'created_by', 'approved_by'],
      ['deposit', 'deposit_id::text', 'created_by', 'confirmed_by'],
      ['maker_event', 'event_id::text', 'created_by', 'approved_by'],
      ['payout', 'payout_id::text', 'created_by', `CASE status WHEN 'approved' THEN decided_by END`],
      ['payout', 'payout_id::text', 'reviewed_by', `CASE status WHEN 'approved' THEN decided_by END`],
      ['period_decision', 'decision_id::text', 'requested_by', 'approved_by'],
    ] as const
  ).map(([table, row, first, second]) => ({
    table,
    broken: `SELECT ${row} AS row, true AS law, 'was decided by one person in the place of two' AS says
               FROM ${table} WHERE ${personOf(first)} = ${personOf(second)}`,
  })),
];

/** The same for one person however the id is written (approval.ts). */
function personOf(column: string): string {
  return `lower(regexp_replace(normalize(${column}, NFKC), '^\\s+|\\s+$', '', 'g'))`;
}
