import { Injectable } from '@nestjs/common';
import type { Event } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { type Decided, decidedColumns, type Refusal, refuse } from '#libs/decisions';
import { newId } from '#libs/messaging';

/**
 * conflict: the books hold other content for it. sale-unknown: nothing was sold that this refunds. too-large: a sum would
 * be beyond 2^53-1 rupiah. exceeds-wallet: more is withdrawn than is in the wallet.
 */
export type RefusalReason = 'conflict' | 'sale-unknown' | 'no-agreement' | 'too-large' | 'exceeds-wallet';

export interface RefusedEvent {
  readonly eventId: string;
  readonly type: string;
  /** Sale id or refund id. */
  readonly reference: string;
  readonly reason: RefusalReason;
  readonly data: unknown;
  readonly correlationId: string;
  readonly refusedAt: Date;
}

/** One that people look at, with what they have done about it. */
export interface ListedRefusedEvent extends RefusedEvent {
  /** The last that is not rejected or withdrawn; null: nothing. */
  readonly resolution: Resolution | null;
}

/** redrive: it is posted after all. discard: it is given up, by two persons. */
export interface Resolution extends Decided {
  readonly resolutionId: string;
  readonly action: 'redrive' | 'discard';
  readonly reason: string;
}

type Reader = Pick<Transaction, 'query'>;

/** For SQL, of rows of refused_event: nobody has done anything about it that ended it. */
export const IS_UNRESOLVED = `NOT EXISTS (SELECT FROM refused_event_resolution AS ended
  WHERE ended.event_id = refused_event.event_id AND ended.approved_at IS NOT NULL)`;

const EVENT = `refused_event.event_id AS "eventId", type, reference, refused_event.reason, data,
  correlation_id AS "correlationId", refused_at AS "refusedAt"`;
const RESOLUTION = `resolution_id AS "resolutionId", action, reason, ${decidedColumns()}`;

/** Events that could not be posted: shown to people. */
@Injectable()
export class RefusedEventRepository {
  constructor(private readonly database: Database) {}

  async add(
    transaction: Transaction,
    refused: readonly { event: Event; reference: string; reason: RefusalReason }[],
  ): Promise<void> {
    if (refused.length === 0) return;
    await transaction.query(
      `INSERT INTO refused_event (event_id, type, reference, reason, data, correlation_id)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], string_to_array($5, E'\\n')::json[], $6::uuid[])`,
      [
        refused.map(({ event }) => event.id),
        refused.map(({ event }) => event.type),
        refused.map(({ reference }) => reference),
        refused.map(({ reason }) => reason),
        refused.map(({ event }) => JSON.stringify(event.data)).join('\n'),
        refused.map(({ event }) => event.correlationId),
      ],
    );
  }

  /** By event id, which is the order of their writing. */
  async list({ after, limit }: { after: string | undefined; limit: number }): Promise<ListedRefusedEvent[]> {
    const refused = await this.database.query<RefusedEvent>(
      `SELECT ${EVENT} FROM refused_event WHERE $1::uuid IS NULL OR event_id > $1 ORDER BY event_id LIMIT $2`,
      [after, limit],
    );
    const resolutions = await this.resolutions(
      this.database,
      refused.map(({ eventId }) => eventId),
    );
    return refused.map((event) => ({ ...event, resolution: resolutions.get(event.eventId) ?? null }));
  }

  /** Nobody else decides about it until the transaction ends. */
  async lock(transaction: Transaction, eventId: string): Promise<ListedRefusedEvent | undefined> {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [eventId]);
    const [event] = await transaction.query<RefusedEvent>(`SELECT ${EVENT} FROM refused_event WHERE event_id = $1`, [
      eventId,
    ]);
    return event && { ...event, resolution: (await this.resolutions(transaction, [eventId])).get(eventId) ?? null };
  }

  /** Refused for want of an agreement, before such sales were held; in the order of their writing. */
  withoutAgreement(reader: Reader, limit: number): Promise<{ eventId: string }[]> {
    return reader.query(
      `SELECT event_id AS "eventId" FROM refused_event WHERE reason = 'no-agreement' AND ${IS_UNRESOLVED}
        ORDER BY event_id LIMIT $1`,
      [limit],
    );
  }

  /**
   * Withdrawals that were more than was in their wallets, and are no more; in the order of their writing. What comes later
   * than a day may be for others, so people see to what was told before.
   */
  withinWallet(reader: Reader, limit: number): Promise<{ eventId: string }[]> {
    return reader.query(
      `SELECT event_id AS "eventId" FROM refused_event
        WHERE reason = 'exceeds-wallet' AND refused_at > now() - interval '1 day' AND ${IS_UNRESOLVED}
          AND (data ->> 'amount')::bigint <= (SELECT coalesce(sum(balance), 0) FROM account
                                              WHERE owner = 'bank:' || (data ->> 'wallet'))
        ORDER BY event_id LIMIT $1`,
      [limit],
    );
  }

  async resolutions(reader: Reader, eventIds: readonly string[]): Promise<Map<string, Resolution>> {
    const rows = await reader.query<Resolution & { eventId: string }>(
      `SELECT event_id AS "eventId", ${RESOLUTION} FROM refused_event_resolution
        WHERE event_id = ANY ($1) AND rejected_at IS NULL AND withdrawn_at IS NULL`,
      [eventIds],
    );
    return new Map(rows.map(({ eventId, ...resolution }) => [eventId, resolution]));
  }

  /** By one person. */
  async redriven(transaction: Transaction, eventId: string, reason: string, by: string): Promise<void> {
    await transaction.query(
      `INSERT INTO refused_event_resolution (resolution_id, event_id, action, reason, created_by, approved_by, approved_at)
       VALUES ($1, $2, 'redrive', $3, $4, $4, clock_timestamp())`,
      [newId(), eventId, reason, by],
    );
  }

  async draftDiscard(transaction: Transaction, eventId: string, reason: string, by: string): Promise<void> {
    await transaction.query(
      `INSERT INTO refused_event_resolution (resolution_id, event_id, action, reason, created_by)
       VALUES ($1, $2, 'discard', $3, $4)`,
      [newId(), eventId, reason, by],
    );
  }

  async approveDiscard(transaction: Transaction, { resolutionId }: Resolution, by: string): Promise<void> {
    await transaction.query(
      'UPDATE refused_event_resolution SET approved_by = $2, approved_at = clock_timestamp() WHERE resolution_id = $1',
      [resolutionId, by],
    );
  }

  async refuseDiscard(transaction: Transaction, draft: Resolution, refusal: Refusal): Promise<void> {
    await refuse(transaction, 'refused_event_resolution', { resolution_id: draft.resolutionId }, draft, refusal);
  }
}
