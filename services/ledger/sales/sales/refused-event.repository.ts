import { Injectable } from '@nestjs/common';
import type { Event } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';

/**
 * conflict: the books hold other content for it. sale-unknown: nothing was sold that this refunds. too-large: a sum would
 * be beyond 2^53-1 rupiah.
 */
export type RefusalReason = 'conflict' | 'sale-unknown' | 'no-agreement' | 'too-large';

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

/** Events that cannot be posted and never will be: shown to people. */
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
  list({ after, limit }: { after: string | undefined; limit: number }): Promise<RefusedEvent[]> {
    return this.database.query(
      `SELECT event_id AS "eventId", type, reference, reason, data, correlation_id AS "correlationId",
              refused_at AS "refusedAt"
         FROM refused_event
        WHERE $1::uuid IS NULL OR event_id > $1
        ORDER BY event_id LIMIT $2`,
      [after, limit],
    );
  }
}
