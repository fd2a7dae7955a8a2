import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import type { DueErasureView, ErasureView } from './erasure.dto.ts';

export type Erasure = Omit<ErasureView, 'completeAt'>;

const COLUMNS = `maker_id AS "makerId", reason, asked_by AS "askedBy", asked_at AS "askedAt", approved_by AS "approvedBy",
  withdrawn_at AS "withdrawnAt", erased_at AS "erasedAt"`;

@Injectable()
export class ErasureRepository {
  constructor(private readonly database: Database) {}

  /** The last release of each counts. */
  async keepCustodyEnds(
    transaction: Transaction,
    ends: readonly { readonly makerId: string; readonly releasedOn: string }[],
  ): Promise<void> {
    const last = new Map(ends.map(({ makerId, releasedOn }) => [makerId, releasedOn]));
    const sorted = [...last].sort(([one], [other]) => (one < other ? -1 : 1)); // concurrent batches wait, never deadlock
    await transaction.query(
      `INSERT INTO custody_end (maker_id, released_on) SELECT * FROM unnest($1::text[], $2::date[])
       ON CONFLICT (maker_id) DO UPDATE SET released_on = excluded.released_on`,
      [sorted.map(([makerId]) => makerId), sorted.map(([, releasedOn]) => releasedOn)],
    );
  }

  /** Makers after an id whose names are still kept and need not be. */
  due(after: string, limit: number): Promise<DueErasureView[]> {
    return this.database.query<DueErasureView>(
      `SELECT maker_id AS "makerId", released_on AS "releasedOn",
              CASE WHEN withdrawn_at IS NULL THEN asked_by END AS "askedBy"
         FROM custody_end JOIN maker_person USING (maker_id) LEFT JOIN erasure USING (maker_id)
        WHERE maker_id > $1 ORDER BY maker_id LIMIT $2`,
      [after, limit],
    );
  }

  /** Asked for once: who asks later is told what is asked for already. What was taken back can be asked for again. */
  async ask(
    { query }: Transaction,
    { makerId, reason, by }: { makerId: string; reason: string; by: string },
  ): Promise<Erasure> {
    await query(
      `INSERT INTO erasure AS asked (maker_id, reason, asked_by) VALUES ($1, $2, $3)
       ON CONFLICT (maker_id) DO UPDATE
          SET reason = excluded.reason, asked_by = excluded.asked_by, asked_at = excluded.asked_at, withdrawn_at = NULL
        WHERE asked.withdrawn_at IS NOT NULL`,
      [makerId, reason, by],
    );
    return (await this.#find(query, makerId)) as Erasure;
  }

  /** Undefined: nobody has asked for it. No import goes on until the transaction ends. */
  async lock({ query }: Transaction, makerId: string): Promise<Erasure | undefined> {
    await query('LOCK TABLE facility IN SHARE ROW EXCLUSIVE MODE');
    return this.#find(query, makerId);
  }

  async approve({ query }: Transaction, makerId: string, by: string, at: Date): Promise<Erasure> {
    await query('UPDATE erasure SET approved_by = $2, erased_at = $3 WHERE maker_id = $1', [makerId, by, at]);
    return (await this.#find(query, makerId)) as Erasure;
  }

  async withdraw({ query }: Transaction, makerId: string): Promise<Erasure> {
    await query('UPDATE erasure SET withdrawn_at = clock_timestamp() WHERE maker_id = $1', [makerId]);
    return (await this.#find(query, makerId)) as Erasure;
  }

  async #find(query: Transaction['query'], makerId: string): Promise<Erasure | undefined> {
    const [erasure] = await query<Erasure>(`SELECT ${COLUMNS} FROM erasure WHERE maker_id = $1`, [makerId]);
    return erasure;
  }
}
