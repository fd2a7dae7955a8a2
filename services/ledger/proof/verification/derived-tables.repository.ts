import type { Transaction } from '#libs/database';
import { STORED_ADJUSTMENTS, STORED_CLOSES, STORED_MAKER_EVENTS } from '../../books/journals/kind.ts';
import type { Fault } from './verification.ts';

/**
 * Tables that say again, for those who post, what journals say: each row against the journals that made it, by the
 * database itself. What no journal says (who proposed and approved a payout) is recorded by row-changes.repository.ts.
 */
export async function* derivedTableFaults(query: Transaction['query']): AsyncGenerator<Fault> {
  for (const { table, row, faulty } of checks) {
    yield* await query<Fault>(
      `SELECT '${table}' AS "table", ${row} AS row, 'is not what its journals say' AS says FROM ${faulty}
        ORDER BY 2 LIMIT 10`,
    );
  }
}

/** SQL, in FROM: the closing balances of closed months, as all entries give them. */
export const CLOSING_BALANCES = `(WITH closed AS (SELECT min(day) AS first, max(day) AS last FROM closed_days() AS day),
       part AS (SELECT account_id, facility_id, sum(amount) AS change, max(account_version) AS highest, min(account_version) AS lowest,
                       greatest(first, (date_trunc('month', posted_on) + interval '1 month' - interval '1 day')::date) AS closed_on
                  FROM closed, entry GROUP BY account_id, facility_id, 6),
       month AS (SELECT account_id, closed_on,
                        max(max(highest)) OVER (PARTITION BY account_id ORDER BY closed_on) AS none_after,
                        min(min(lowest)) OVER (PARTITION BY account_id ORDER BY closed_on
                                               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - 1 AS later_from
                   FROM part GROUP BY account_id, closed_on)
       SELECT account_id, month.closed_on, facility_id, sum(change) AS held, least(later_from, none_after) AS until, none_after AS after
         FROM closed, month JOIN part USING (account_id)
        WHERE part.closed_on <= month.closed_on AND month.closed_on <= last
        GROUP BY account_id, month.closed_on, facility_id, later_from, none_after)`;

/** SQL, in FROM: the accounts in the books of each facility, as accounts and entries give them. */
export const ACCOUNT_BOOK = `(SELECT part.facility_id, account_id, code, owner, purpose, class
         FROM (SELECT facility_id, account_id FROM account WHERE facility_id IS NOT NULL
               UNION
               SELECT facility_id, account_id FROM entry) AS part
         JOIN account USING (account_id))`;

const checks: readonly { readonly table: Fault['table']; readonly row: string; readonly faulty: string }[] = [
  {
    table: 'account',
    row: 'code',
    faulty: `
      account
      LEFT JOIN (SELECT account_id, max(recorded_at) AS last, max(latest - recorded_at) AS longest
                   FROM (SELECT account_id, recorded_at,
                                max(recorded_at) OVER (PARTITION BY account_id ORDER BY account_version) AS latest
                           FROM entry JOIN journal USING (journal_id)) AS recorded
                  GROUP BY account_id) AS recording USING (account_id)
      WHERE (last_recorded_at, disorder) <> (coalesce(last, '-infinity'), coalesce(longest, '0'))`,
  },
  {
    table: 'account_book',
    row: `facility_id || ' ' || coalesce(account_book.code, expected.code)`,
    faulty: `
      ${ACCOUNT_BOOK} AS expected
      FULL JOIN account_book USING (facility_id, account_id)
      WHERE (expected.code, expected.owner, expected.purpose, expected.class)
            IS DISTINCT FROM (account_book.code, account_book.owner, account_book.purpose, account_book.class)`,
  },
  {
    table: 'maker_seat',
    row: 'maker_id',
    faulty: `
      (WITH RECURSIVE merge AS (
         SELECT DISTINCT ON (maker_id) maker_id, content ->> 'into' AS merged_into FROM maker_event
          WHERE type = 'merge' AND number IS NOT NULL ORDER BY maker_id, number DESC
       ), chain AS (
         SELECT maker_id, merged_into, 1 AS depth FROM merge
         UNION ALL
         SELECT chain.maker_id, merge.merged_into, depth + 1 FROM chain JOIN merge ON merge.maker_id = chain.merged_into
          WHERE depth < 100
       ), survivor AS (
         SELECT DISTINCT ON (maker_id) maker_id, merged_into AS person_id FROM chain ORDER BY maker_id, depth DESC
       ), made AS (
         SELECT maker_id, facility_id, recorded_at, lot_id FROM contribution
         UNION ALL
         SELECT found ->> 'makerId', facility_id, occurred_at, content ->> 'lotId'
           FROM adjustment CROSS JOIN jsonb_array_elements(content -> 'contributions') AS found
          WHERE type = 'contributions' AND approved_by IS NOT NULL
       ), person AS (
         SELECT maker_id, coalesce(person_id, maker_id) AS person_id
           FROM (SELECT maker_id FROM made
                 UNION SELECT maker_id FROM maker_event WHERE number IS NOT NULL
                 UNION SELECT merged_into FROM merge) AS known
           LEFT JOIN survivor USING (maker_id)
       ), transfer AS (
         SELECT DISTINCT ON (maker_id) maker_id AS person_id, facility_id AS transferred_to FROM maker_event
          WHERE type = 'transfer' AND number IS NOT NULL ORDER BY maker_id, effective_on DESC, number DESC
       ), last_made AS (
         SELECT DISTINCT ON (person_id) person_id, facility_id AS made_at FROM person JOIN made USING (maker_id)
          ORDER BY person_id, recorded_at DESC, lot_id DESC, facility_id DESC
       ), last_transfer AS (
         SELECT DISTINCT ON (person_id) person_id, facility_id AS moved_to FROM person JOIN maker_event USING (maker_id)
          WHERE type = 'transfer' AND number IS NOT NULL ORDER BY person_id, effective_on DESC, number DESC
       )
       SELECT maker_id, coalesce(transferred_to, made_at, moved_to) AS seated_at
         FROM person LEFT JOIN transfer USING (person_id) LEFT JOIN last_made USING (person_id)
         LEFT JOIN last_transfer USING (person_id)) AS expected
      FULL JOIN maker_seat USING (maker_id)
      WHERE seated_at IS DISTINCT FROM facility_id`,
  },
  {
    table: 'closing_balance',
    row: `account_id || ' ' || closed_on || ' ' || facility_id`,
    faulty: `
      ${CLOSING_BALANCES} AS expected
      FULL JOIN closing_balance USING (account_id, closed_on, facility_id)
      WHERE (balance, all_until, none_after) IS DISTINCT FROM (held, until, after)`,
  },
  {
    table: 'sales_total',
    row: `facility_id || ' ' || dimension || ' ' || posted_on || ' ' || key`,
    faulty: `
      (SELECT sums.* FROM (SELECT array_agg(facility_id) AS facilities, array_agg(0::bigint) AS first, array_agg(number) AS last
                             FROM feed_position) AS position
        CROSS JOIN LATERAL sales_of_journals(facilities, first, last) AS sums) AS expected
      FULL JOIN sales_total USING (facility_id, dimension, posted_on, key)
      WHERE (expected.sales, expected.units, expected.sold, expected.refunded, expected.fees, expected.shipping, expected.tax,
             expected.cost, expected.makers, expected.facility, expected.state, expected.beneficiaries, expected.suspense)
            IS DISTINCT FROM
            (sales_total.sales, sales_total.units, sales_total.sold, sales_total.refunded, sales_total.fees,
             sales_total.shipping, sales_total.tax, sales_total.cost, sales_total.makers, sales_total.facility,
             sales_total.state, sales_total.beneficiaries, sales_total.suspense)`,
  },
  {
    table: 'chain_head',
    row: 'chain_head.facility_id',
    faulty: `
      chain_head LEFT JOIN journal ON journal.facility_id = chain_head.facility_id AND chain_number = number
      WHERE chain_head.recorded_at <> coalesce(journal.recorded_at, '-infinity')`,
  },
  {
    table: 'sale',
    row: 'coalesce(sale_id, sold_id)',
    faulty: `
      (SELECT source_reference AS sold_id, facility_id AS sold_by, source ->> 'channel' AS sold_on, journal_id AS sold,
              (source ->> 'releaseAt')::timestamptz AS sold_until, (source ->> 'settlesBy')::timestamptz AS sold_to_settle
         FROM journal WHERE kind = 'sale') AS sold
      FULL JOIN sale ON sale_id = sold_id
      LEFT JOIN (SELECT source_reference AS sale_id, journal_id AS released FROM journal WHERE kind = 'release') AS releases
                USING (sale_id)
      LEFT JOIN (SELECT source ->> 'saleId' AS sale_id,
                        sum(amount) FILTER (WHERE purpose = 'receivable') AS held_receivable,
                        sum(amount) FILTER (WHERE purpose = 'fees') AS held_fees,
                        sum(amount) FILTER (WHERE purpose = 'shipping') AS held_shipping
                   FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id)
                  WHERE kind IN ('sale', 'refund', 'settlement', 'difference') AND starts_with(owner, 'channel:')
                  GROUP BY 1) AS moved USING (sale_id)
      LEFT JOIN (SELECT DISTINCT ON (sale_id) sale_id, source ->> 'settlementId' AS told,
                        max(tolerance) OVER (PARTITION BY sale_id) AS told_tolerance
                   FROM (SELECT *, CASE source ->> 'settles' WHEN 'all' THEN coalesce((source ->> 'tolerance')::bigint, 0) END AS tolerance,
                                max(chain_number) FILTER (WHERE held = 0) OVER (PARTITION BY sale_id) AS settled
                           FROM (SELECT source ->> 'saleId' AS sale_id, kind, source, chain_number,
                                        sum(moved) OVER (PARTITION BY source ->> 'saleId' ORDER BY chain_number) AS held
                                   FROM journal
                                  CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS moved FROM entry JOIN account USING (account_id)
                                                       WHERE entry.journal_id = journal.journal_id
                                                         AND purpose = 'receivable' AND starts_with(owner, 'channel:')) AS part
                                  WHERE kind IN ('sale', 'refund', 'settlement', 'difference')
                                    AND source ->> 'saleId' IN (SELECT source ->> 'saleId' FROM journal
                                                                 WHERE kind = 'settlement' AND source ->> 'settles' IS NOT NULL)
                                ) AS step) AS steps
                  WHERE kind = 'settlement' AND chain_number > coalesce(settled, 0)
                  ORDER BY sale_id, chain_number DESC) AS waiting USING (sale_id)
      WHERE (sold_by, sold_on, sold, released, coalesce(held_receivable, 0), coalesce(held_fees, 0),
             coalesce(held_shipping, 0), sold_until, told, told_tolerance)
            IS DISTINCT FROM (facility_id, channel, journal_id, released_by, receivable, fees, shipping, release_at,
                              open_settlement, sale.tolerance)
         OR (settles_by IS NOT NULL AND settles_by IS DISTINCT FROM sold_to_settle) -- an earlier version has kept none`,
  },
  {
    // No journal has released the sale between its opening and its end.
    table: 'sale_dispute',
    row: 'dispute_id',
    faulty: `
      sale_dispute JOIN journal ON kind = 'release' AND source_reference = sale_id
      WHERE chain_number > opened_after AND chain_number <= coalesce(closed_after, chain_number)`,
  },
  {
    table: 'hold',
    row: 'coalesce(hold_id, held_as)',
    faulty: `
      (SELECT source_reference AS held_as, facility_id AS held_at, source ->> 'orderId' AS held_of,
              source ->> 'saleId' AS held_sale, source ->> 'subject' AS held_subject,
              (source ->> 'amount')::bigint AS held_amount, journal_id AS held
         FROM journal WHERE kind IN ('held', 'assigned')) AS held
      FULL JOIN hold ON hold_id = held_as
      LEFT JOIN (SELECT reverses, journal_id AS undone FROM journal WHERE kind = 'held-cleared') AS undone ON reverses = held
      WHERE (held_at, held_of, held_sale, held_subject, held_amount, held, undone)
            IS DISTINCT FROM (facility_id, order_id, sale_id, subject, amount, journal_id, cleared_by)
         OR number IS DISTINCT FROM CASE WHEN sale_id IS NULL THEN substring(hold_id FROM '[0-9]+$')::int END`,
  },
  {
    table: 'journal',
    row: 'withdrawal',
    faulty: `
      (SELECT source ->> 'withdrawalId' AS withdrawal, sum((source ->> 'part')::bigint) AS parts,
              min((source ->> 'amount')::bigint) AS amount
         FROM journal WHERE kind = 'withdrawal' GROUP BY 1) AS withdrawn
      WHERE parts <> amount`,
  },
  {
    table: 'payout_item',
    row: 'coalesce(item_id::text, paid_item, failed_item)',
    faulty: `
      (SELECT source_reference AS paid_item, journal_id AS paid FROM journal WHERE kind = 'payout') AS paid
      FULL JOIN (SELECT source_reference AS failed_item, reverses, (source ->> 'amount')::bigint AS failed_amount,
                        source ->> 'reason' AS failed_for
                   FROM journal WHERE kind = 'payout-failed') AS failed ON failed_item = paid_item
      FULL JOIN payout_item ON item_id::text = coalesce(paid_item, failed_item)
      LEFT JOIN payout USING (payout_id)
      WHERE payout_id IS NULL OR journal_id IS DISTINCT FROM paid OR journal_id IS DISTINCT FROM coalesce(reverses, paid)
         OR (payout_item.status = 'paid') <> (paid IS NOT NULL AND failed_item IS NULL)
         OR (payout_item.status = 'failed') <> (failed_item IS NOT NULL)
         OR (payout_item.status IN ('paid', 'failed', 'reserved', 'sent') AND payout.status <> 'approved')
         OR (payout_item.status = 'proposed') <> (payout.status IN ('proposed', 'reviewed') AND payout_item.status <> 'rejected')
         OR (payout.status IN ('rejected', 'withdrawn') AND payout_item.status NOT IN ('rejected', payout.status))
         OR payout_item.reason IS DISTINCT FROM failed_for
         OR amount <> coalesce(failed_amount, amount)
         OR (paid IS NOT NULL AND (SELECT jsonb_object_agg(code, entry.amount) FROM entry JOIN account USING (account_id)
                                    WHERE entry.journal_id = paid)
             IS DISTINCT FROM jsonb_build_object(payout_item.account, payout_item.amount,
                                                 coalesce('bank:' || bank || '@' || payout.facility_id, ''),
                                                 -payout_item.amount))`,
  },
  {
    table: 'maker_event',
    row: 'coalesce(event_id::text, happened_as)',
    faulty: `
      (SELECT split_part(source_reference, '@', 1) AS happened_as, nullif(split_part(source_reference, '@', 2), '') AS also_at,
              facility_id AS happened_at, occurred_at AS happened_on, posted_on, source::jsonb - 'obligations' - 'counters' AS source
         FROM journal WHERE kind IN (${STORED_MAKER_EVENTS})) AS happened
      FULL JOIN (SELECT * FROM maker_event WHERE number IS NOT NULL) AS approved ON happened_as = 'maker/' || event_id
      WHERE (happened_at, happened_on, posted_on, source)
            IS DISTINCT FROM (coalesce(also_at, facility_id), occurred_at, effective_on,
                              content || jsonb_build_object('eventId', event_id, 'number', number, 'makerId', maker_id,
                                                            'type', type, 'reason', reason, 'createdBy', created_by,
                                                            'approvedBy', approved_by))`,
  },
  {
    table: 'adjustment',
    row: 'coalesce(adjustment_id::text, drafted_as)',
    faulty: `
      (SELECT source ->> 'adjustmentId' AS drafted_as, count(*) AS posted
         FROM journal WHERE kind IN (${STORED_ADJUSTMENTS}) AND source ->> 'adjustmentId' IS NOT NULL GROUP BY 1) AS posted
      FULL JOIN adjustment ON adjustment_id::text = drafted_as
      WHERE adjustment_id IS NULL OR coalesce(posted, 0) <> coalesce(journals, 0)`,
  },
  {
    table: 'period_decision',
    row: `coalesce(decision_id::text, closed_by) || ' ' || coalesce(closing_journal, closed)`,
    faulty: `
      (SELECT journal_id AS closed, source ->> 'decisionId' AS closed_by
         FROM journal WHERE kind IN (${STORED_CLOSES}) AND source ->> 'closing' IS NOT NULL) AS closed
      FULL JOIN (SELECT decision_id, unnest(journals) AS closing_journal FROM period_decision) AS decided
                ON closing_journal = closed AND decision_id::text = closed_by
      WHERE closed IS NULL OR closing_journal IS NULL`,
  },
  {
    table: 'deposit',
    row: 'coalesce(deposit_id::text, source_reference)',
    faulty: `
      (SELECT source_reference, source, journal_id AS deposited, facility_id AS deposited_by
         FROM journal WHERE kind = 'deposit') AS deposited
      FULL JOIN deposit ON deposit_id::text = source_reference
      WHERE deposit_id IS NULL OR journal_id IS DISTINCT FROM deposited
         OR (deposited IS NOT NULL
             AND (facility_id, bank, amount, billing_code, ntpn, confirmed_by, deposited_at)
                 IS DISTINCT FROM (deposited_by, source ->> 'bank', (source ->> 'amount')::bigint,
                                   source ->> 'billingCode', source ->> 'ntpn', source ->> 'by',
                                   (source ->> 'depositedAt')::timestamptz))`,
  },
];
