import { Injectable } from '@nestjs/common';
import { facilitiesInScope, type Transaction } from '#libs/database';
import { approvedAs, decidedColumns, type Refusal, refuse } from '#libs/decisions';
import type { Counted, Kept, MakerEvent, MakerEventDraft, Obligation, Standing } from './maker-event.ts';

type Reader = Pick<Transaction, 'query'>;

const COLUMNS = `event_id AS "eventId", maker_id AS "makerId", type, facility_id AS "facilityId",
  occurred_at AS "occurredAt", reason, content, number, effective_on AS "effectiveOn", ${decidedColumns()}`;

@Injectable()
export class MakerEventRepository {
  async add(transaction: Transaction, draft: MakerEventDraft): Promise<MakerEvent> {
    const { eventId, makerId, type, facilityId, occurredAt, reason, content, createdBy } = draft;
    const [added] = await transaction.query<MakerEvent>(
      `INSERT INTO maker_event (event_id, maker_id, type, facility_id, occurred_at, reason, content, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
      [eventId, makerId, type, facilityId, occurredAt, reason, content, createdBy],
    );
    return added as MakerEvent;
  }

  async find(reader: Reader, eventId: string): Promise<MakerEvent | undefined> {
    const [found] = await reader.query<MakerEvent>(`SELECT ${COLUMNS} FROM maker_event WHERE event_id = $1`, [eventId]);
    return found;
  }

  /** Nobody else decides about it until the transaction ends. */
  async lock(transaction: Transaction, eventId: string): Promise<MakerEvent | undefined> {
    await transaction.query('SELECT FROM maker_event WHERE event_id = $1 FOR UPDATE', [eventId]);
    return this.find(transaction, eventId);
  }

  /** Who approves holds the rules alone (rules-lock.ts), so numbers have no gaps. */
  async nextNumber(transaction: Transaction): Promise<number> {
    const [next] = await transaction.query<{ number: number }>(
      'SELECT coalesce(max(number), 0) + 1 AS number FROM maker_event',
    );
    return next?.number ?? 1;
  }

  async approve(
    transaction: Transaction,
    { eventId, number, effectiveOn, by }: { eventId: string; number: number; effectiveOn: string; by: string },
  ): Promise<void> {
    await transaction.query(
      `UPDATE maker_event SET number = $2, effective_on = $3, approved_by = $4, approved_at = now() WHERE event_id = $1`,
      [eventId, number, effectiveOn, by],
    );
  }

  async refuse(transaction: Transaction, draft: MakerEvent, refusal: Refusal): Promise<void> {
    await refuse(transaction, 'maker_event', { event_id: draft.eventId }, draft, refusal);
  }

  /** How a maker stands on this day, `YYYY-MM-DD`. */
  async standing(reader: Reader, makerId: string, day: string): Promise<Standing> {
    const [standing] = await reader.query<Standing>(
      `SELECT paid_by AS "paidBy", frozen, payee,
              (SELECT person_id FROM merged_makers(false) WHERE maker_id = $1) AS "mergedInto"
         FROM maker_standing($1, $2)`,
      [makerId, day],
    );
    return standing as Standing;
  }

  /** What is available to a maker, saved and to be given back, in the books of each facility. */
  kept(reader: Reader, makerId: string): Promise<Kept[]> {
    return reader.query(
      `SELECT held.facility_id AS "facilityId", purpose, held.balance AS amount
         FROM account CROSS JOIN LATERAL balances_on(account_id, 'infinity') AS held
        WHERE owner = 'maker:' || $1 AND purpose IN ('wages', 'savings', 'receivable') AND held.balance <> 0
        ORDER BY 1, 2`,
      [makerId],
    );
  }

  async obligations(reader: Reader, makerId: string): Promise<Obligation[]> {
    return reader.query(
      `SELECT split_part(key, '|', 2) AS to, input, taken FROM accumulator
        WHERE starts_with(key, 'maker:' || $1 || '|beneficiary:') AND (input <> 0 OR taken <> 0) ORDER BY key`,
      [makerId],
    );
  }

  /** What steps have seen and taken of a maker's money, in all periods: a refund of an old sale goes back to them. */
  counters(reader: Reader, makerId: string): Promise<Counted[]> {
    return reader.query(
      `SELECT substring(key FROM length('maker:' || $1 || '|') + 1) AS key, input, taken FROM accumulator
        WHERE starts_with(key, 'maker:' || $1 || '|') AND NOT starts_with(key, 'maker:' || $1 || '|beneficiary:')
          AND (input <> 0 OR taken <> 0) ORDER BY key`,
      [makerId],
    );
  }

  /** Whether a payment to the maker is on its way. */
  async isBeingPaid(reader: Reader, makerId: string): Promise<boolean> {
    const items = await reader.query(
      `SELECT FROM payout_item WHERE account = 'maker:' || $1 || ':wages' AND status IN ('reserved', 'sent') LIMIT 1`,
      [makerId],
    );
    return items.length > 0;
  }

  /**
   * Makers released more than two years ago who have made nothing since, and are owed nothing and owe nothing, with whom
   * nobody was merged; and remembers that they are told of.
   */
  custodyEnds(transaction: Transaction, limit: number): Promise<{ makerId: string; releasedOn: string }[]> {
    return transaction.query(
      `INSERT INTO custody_end_told (maker_id, released_on)
       SELECT maker_id, effective_on
         FROM (SELECT DISTINCT ON (maker_id) maker_id, effective_on FROM maker_event
                WHERE type = 'release' AND number IS NOT NULL ORDER BY maker_id, number DESC) AS released
        WHERE effective_on < (now() AT TIME ZONE 'Asia/Jakarta')::date - interval '2 years'
          AND NOT EXISTS (SELECT FROM custody_end_told AS told
                           WHERE told.maker_id = released.maker_id AND told.released_on = released.effective_on)
          AND NOT EXISTS (SELECT FROM account WHERE owner = 'maker:' || released.maker_id AND balance <> 0)
          AND NOT EXISTS (SELECT FROM contribution WHERE contribution.maker_id = released.maker_id
                             AND (recorded_at AT TIME ZONE 'Asia/Jakarta')::date > released.effective_on)
        ORDER BY maker_id LIMIT $1
       ON CONFLICT DO NOTHING
       RETURNING maker_id AS "makerId", released_on AS "releasedOn"`,
      [limit],
    );
  }

  /** In the order of drafting. */
  list(
    reader: Reader,
    filter: { makerId?: string | undefined; approved?: boolean | undefined; after: string | undefined; limit: number },
  ): Promise<MakerEvent[]> {
    return reader.query(
      `SELECT ${COLUMNS} FROM maker_event
        WHERE ($1::text IS NULL OR maker_id = $1) AND ${approvedAs('$2')}
          AND ($3::uuid IS NULL OR event_id > $3) AND ($5::text[] IS NULL OR facility_id = ANY ($5))
        ORDER BY event_id LIMIT $4`,
      [filter.makerId, filter.approved, filter.after, filter.limit, facilitiesInScope()],
    );
  }
}
