import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope, type Transaction } from '#libs/database';
import { numbersMovedTo } from '../maker-events/numbers-moved.ts';
import type { ItemOfPayout, LeftOut, PaidItem, Payout, PayoutItem } from './payout.ts';

type Reader = Pick<Transaction, 'query'>;
interface Filter<Status> {
  readonly facilityId?: string | undefined;
  readonly status?: Status | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

type NewPayout = Pick<Payout, 'payoutId' | 'facilityId' | 'bank' | 'upTo' | 'createdBy'> & { correlationId: string };

const PAYOUT = `payout_id AS "payoutId", facility_id AS "facilityId", bank, up_to AS "upTo", status, reason,
  created_by AS "createdBy", created_at AS "createdAt", reviewed_by AS "reviewedBy",
  reviewed_at AS "reviewedAt", decided_by AS "decidedBy", decided_at AS "decidedAt"`;
const ITEM = `item_id AS "itemId", account, amount, payee, payout_item.status, payout_item.reason, journal_id AS "journalId"`;

const TODAY = `(clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date`;

/**
 * SQL: what the books of facility $1 hold for makers and beneficiaries: `earned` now, `earned_until` day $2,
 * `reserved_here` by payouts of it; `free` of the whole account. A maker who was transferred has earned everything
 * where he or she is now. Of accounts $4 alone; null: of all.
 */
const held = (which: string) => `
  WITH candidate AS (
    SELECT account_id FROM account WHERE code = ANY ($4)
    UNION
    SELECT account_id FROM account WHERE $4::text[] IS NULL AND facility_id = $1 AND purpose = 'payable'
    UNION
    SELECT account_id FROM accounts_closed_at($1) AS account_id WHERE $4::text[] IS NULL
    UNION
    SELECT account_id FROM journal JOIN entry USING (journal_id)
     WHERE $4::text[] IS NULL AND journal.facility_id = $1
       AND journal.posted_on > coalesce((SELECT max(day) FROM closed_days() AS day), '-infinity')
    UNION
    SELECT account_id FROM ${numbersMovedTo('ARRAY[$1]')} JOIN account ON owner = 'maker:' || maker_id
     WHERE $4::text[] IS NULL
  )
  SELECT code AS account, payee, paid_by, frozen IS TRUE AS frozen, earned, earned_until, reserved_here,
         -account.balance - reserved AS free
    FROM candidate
    JOIN account USING (account_id)
    LEFT JOIN LATERAL maker_standing(split_part(owner, ':', 2), ${TODAY})
              ON purpose = 'wages'
    JOIN LATERAL (SELECT -coalesce(sum(held.balance), 0) AS earned
                    FROM balances_on(account.account_id, 'infinity') AS held
                   WHERE $1 IN (held.facility_id, paid_by)) AS here ON true
    JOIN LATERAL (SELECT -coalesce(sum(held.balance), 0) AS earned_until
                    FROM balances_on(account.account_id, $2) AS held
                   WHERE $1 IN (held.facility_id, paid_by)) AS until ON true
    JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS reserved_here
                    FROM payout_item
                   WHERE payout_item.account = code AND payout_item.status IN ('reserved', 'sent')
                     AND $1 IN (payout_item.facility_id, paid_by)) AS reserved_here ON true
   WHERE (purpose = 'wages' OR (purpose = 'payable' AND account.facility_id = $1)) AND ${which}`;

@Injectable()
export class PayoutRepository {
  constructor(private readonly database: Database) {}

  /**
   * What makers and beneficiaries can be paid from a facility's bank: what its sales made available until the end of a
   * day and was not taken back since, less what it is paying already; never more than all that is available to the
   * payee. A maker who was transferred is paid everything by the facility where he or she is now, and by no other; one
   * who is frozen is paid nothing.
   * @param accounts of these alone; absent: of all
   */
  async payable(
    reader: Reader,
    { facilityId, upTo }: Pick<Payout, 'facilityId' | 'upTo'>,
    { limit, accounts }: { limit: number; accounts?: readonly string[] },
  ): Promise<Pick<PayoutItem, 'account' | 'amount' | 'payee'>[]> {
    return reader.query(
      `SELECT account, amount, payee
         FROM (SELECT account, payee, least(earned - reserved_here, earned_until - reserved_here, free)::bigint AS amount
                 FROM (${held('account.balance < 0 AND coalesce(paid_by, $1) = $1 AND frozen IS NOT TRUE')}) AS held) AS payable
        WHERE amount > 0
        ORDER BY account LIMIT $3`,
      [facilityId, upTo, limit, accounts],
    );
  }

  /** What is held for makers and beneficiaries at a facility and not paid by a payout of these accounts, and why. */
  async leftOut(
    reader: Reader,
    { facilityId, upTo }: Pick<Payout, 'facilityId' | 'upTo'>,
    { limit, paid }: { limit: number; paid: readonly string[] },
  ): Promise<LeftOut[]> {
    return reader.query(
      `SELECT account, (CASE because WHEN 'being-paid' THEN earned ELSE earned - reserved_here END)::bigint AS amount, because
         FROM (SELECT *, CASE WHEN frozen THEN 'frozen'
                              WHEN paid_by <> $1 THEN 'elsewhere'
                              WHEN earned <= reserved_here THEN 'being-paid'
                              WHEN earned_until <= reserved_here THEN 'later'
                              ELSE 'used' END AS because
                 FROM (${held('true')}) AS held
                WHERE earned > 0 AND account <> ALL ($5)) AS left_out
        ORDER BY account LIMIT $3`,
      [facilityId, upTo, limit, null, paid],
    );
  }

  async add(
    transaction: Transaction,
    payout: NewPayout,
    items: readonly Pick<PayoutItem, 'itemId' | 'account' | 'amount' | 'payee'>[],
  ): Promise<void> {
    const { payoutId, facilityId, bank, upTo, createdBy, correlationId } = payout;
    await transaction.query(
      `INSERT INTO payout (payout_id, facility_id, bank, up_to, status, created_by, correlation_id)
       VALUES ($1, $2, $3, $4, 'proposed', $5, $6)`,
      [payoutId, facilityId, bank, upTo, createdBy, correlationId],
    );
    await transaction.query(
      `INSERT INTO payout_item (payout_id, facility_id, item_id, account, amount, payee, status)
       SELECT $1, $6, item, account, amount, payee, 'proposed'
         FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[]) AS items (item, account, amount, payee)`,
      [
        payoutId,
        items.map(({ itemId }) => itemId),
        items.map(({ account }) => account),
        items.map(({ amount }) => amount),
        items.map(({ payee }) => payee),
        facilityId,
      ],
    );
  }

  /** Newest last. */
  list({ facilityId, status, after, limit }: Filter<Payout['status']>) {
    return this.database.query<Payout>(
      `SELECT ${PAYOUT} FROM payout
        WHERE ($1::text IS NULL OR facility_id = $1) AND ($2::uuid IS NULL OR payout_id > $2)
          AND ($4::text[] IS NULL OR facility_id = ANY ($4)) AND ($5::text IS NULL OR status = $5)
        ORDER BY payout_id LIMIT $3`,
      [facilityId, after, limit, facilitiesInScope(), status],
    );
  }

  async find(reader: Reader, payoutId: string): Promise<(Payout & { items: PaidItem[] }) | undefined> {
    const [payout] = await reader.query<Payout>(`SELECT ${PAYOUT} FROM payout WHERE payout_id = $1`, [payoutId]);
    if (!payout) return undefined;
    const items = await reader.query<PaidItem>(
      `SELECT ${ITEM}, (occurred_at AT TIME ZONE 'Asia/Jakarta')::date AS "paidOn"
         FROM payout_item LEFT JOIN journal USING (journal_id) WHERE payout_id = $1 ORDER BY account`,
      [payoutId],
    );
    return { ...payout, items };
  }

  /** Nobody else decides about it until the transaction ends. */
  async lock(transaction: Transaction, payoutId: string): Promise<(Payout & { items: PaidItem[] }) | undefined> {
    await transaction.query('SELECT FROM payout WHERE payout_id = $1 FOR UPDATE', [payoutId]);
    return this.find(transaction, payoutId);
  }

  /** @param excluded items that are not to be paid */
  async review(
    transaction: Transaction,
    { payoutId, by, excluded }: { payoutId: string; by: string; excluded: readonly string[] },
  ): Promise<void> {
    await transaction.query(
      `UPDATE payout SET status = 'reviewed', reviewed_by = $2, reviewed_at = now() WHERE payout_id = $1`,
      [payoutId, by],
    );
    await transaction.query(`UPDATE payout_item SET status = 'rejected' WHERE payout_id = $1 AND item_id = ANY ($2)`, [
      payoutId,
      excluded,
    ]);
  }

  /** What was reserved for these payouts is with the bank. */
  async sent(transaction: Transaction, payoutIds: readonly string[]): Promise<void> {
    await transaction.query(
      `UPDATE payout_item SET status = 'sent' WHERE payout_id = ANY ($1) AND status = 'reserved'`,
      [payoutIds],
    );
  }

  /** Approved: its items are reserved. */
  async decide(
    transaction: Transaction,
    {
      payoutId,
      status,
      by,
      reason,
    }: { payoutId: string; status: 'approved' | 'rejected' | 'withdrawn'; by: string; reason: string | null },
  ): Promise<void> {
    await transaction.query(
      `UPDATE payout SET status = $2, decided_by = $3, decided_at = now(), reason = $4 WHERE payout_id = $1`,
      [payoutId, status, by, reason],
    );
    await transaction.query(`UPDATE payout_item SET status = $2 WHERE payout_id = $1 AND status = 'proposed'`, [
      payoutId,
      status === 'approved' ? 'reserved' : status,
    ]);
  }

  /** Those of these items that exist, by id; nobody else changes them until the transaction ends. */
  async lockItems(transaction: Transaction, itemIds: readonly string[]): Promise<Map<string, ItemOfPayout>> {
    const items = await transaction.query<ItemOfPayout>(
      `SELECT ${ITEM}, payout_id AS "payoutId", facility_id AS "facilityId", bank
         FROM payout_item JOIN payout USING (payout_id, facility_id)
        WHERE item_id = ANY ($1)
        ORDER BY item_id
          FOR UPDATE OF payout_item`,
      [itemIds],
    );
    return new Map(items.map((item) => [item.itemId, item]));
  }

  async saveItems(transaction: Transaction, items: readonly PayoutItem[]): Promise<void> {
    if (items.length === 0) return;
    await transaction.query(
      `UPDATE payout_item SET status = changed.status, reason = changed.reason, journal_id = changed.journal
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS changed (item, status, reason, journal)
        WHERE item_id = item`,
      [
        items.map(({ itemId }) => itemId),
        items.map(({ status }) => status),
        items.map(({ reason }) => reason),
        items.map(({ journalId }) => journalId),
      ],
    );
  }
}
