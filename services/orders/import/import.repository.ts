import { Injectable } from '@nestjs/common';
import type { Database, Transaction } from '#libs/database';
import type { LastRow, Span } from './rows.ts';

type Reader = Pick<Database, 'query'>;

export interface Progress {
  readonly runId: string;
  readonly startedAt: Date;
  readonly rowsReceived: number;
  /** Rows whose fate is not known yet. */
  readonly rowsOpen: number;
}

/** A row that was not accepted, with the reason. */
export interface Rejection {
  readonly row: number;
  readonly channel: string;
  readonly orderRef: string;
  readonly lineRef: string;
  readonly type: string;
  readonly refundRef: string;
  readonly reason: string;
  readonly detail: string;
}

type Count = { readonly reason: string | null; readonly count: number; readonly amount: number };

/** What came of a run, by reason (null: accepted), and what its journals moved. Whole rupiah. */
export interface Results {
  readonly rows: readonly Omit<Count, 'amount'>[];
  /** `amount`: what buyers paid. */
  readonly orders: readonly Count[];
  /** `amount`: what buyers got back. */
  readonly refunds: readonly Count[];
  readonly moved: {
    readonly [Kind in (typeof kinds)[number]]: number;
  };
}

const kinds = [
  'cost_recovery',
  'facility',
  'makers',
  'state',
  'beneficiaries',
  'fees',
  'shipping',
  'tax',
  'suspense',
] as const;

@Injectable()
export class ImportRepository {
  /** How many rows of a run have come, from its first one on; nobody else adds rows until the transaction ends. */
  async lockRun(transaction: Transaction, runId: string): Promise<number> {
    const [run] = await transaction.query<{ rows_received: number }>(
      `INSERT INTO import_run (run_id) VALUES ($1)
       ON CONFLICT (run_id) DO UPDATE SET run_id = excluded.run_id
       RETURNING rows_received`,
      [runId],
    );
    return run?.rows_received ?? 0;
  }

  async lastRow(reader: Reader, runId: string): Promise<LastRow | undefined> {
    const [row] = await reader.query<LastRow>(
      `SELECT channel, order_ref AS "orderRef", type, reason, detail
         FROM import_span WHERE run_id = $1 ORDER BY first_row DESC LIMIT 1`,
      [runId],
    );
    return row;
  }

  async addSpans(transaction: Transaction, runId: string, rowsReceived: number, spans: readonly Span[]): Promise<void> {
    await transaction.query(
      `INSERT INTO import_span (run_id, first_row, channel, order_ref, line_refs, type, refund_ref, reason, detail)
       SELECT $1, "firstRow", channel, "orderRef", "lineRefs", type, "refundRef", reason, detail
         FROM json_to_recordset($2) AS span ("firstRow" int, channel text, "orderRef" text, "lineRefs" text[], type text,
                                             "refundRef" text, reason text, detail text)`,
      [runId, JSON.stringify(spans)],
    );
    await transaction.query('UPDATE import_run SET rows_received = $2 WHERE run_id = $1', [runId, rowsReceived]);
  }

  async progress(reader: Reader, runId: string): Promise<Progress | undefined> {
    const [progress] = await reader.query<Progress>(
      `SELECT run_id AS "runId", started_at AS "startedAt", rows_received AS "rowsReceived",
              (SELECT coalesce(sum(rows), 0) FROM import_fate AS fate
                WHERE fate.run_id = run.run_id AND undecided AND open) AS "rowsOpen"
         FROM import_run AS run WHERE run_id = $1`,
      [runId],
    );
    return progress;
  }

  /** Spans with a rejected fate, from behind a row on; each is one or more rows. */
  async rejections(
    reader: Reader,
    runId: string,
    afterRow: number,
    limit: number,
  ): Promise<(Omit<Rejection, 'lineRef'> & { lineRefs: string[] })[]> {
    return reader.query(
      `SELECT first_row AS row, channel, order_ref AS "orderRef", line_refs AS "lineRefs", type, refund_ref AS "refundRef",
              reason, coalesce(detail, '') AS detail
         FROM import_fate WHERE run_id = $1 AND reason IS NOT NULL AND first_row > $2
        ORDER BY first_row LIMIT $3`,
      [runId, afterRow, limit],
    );
  }

  async results(reader: Reader, runId: string): Promise<Results> {
    const rows = await reader.query<Count>(
      `SELECT reason, sum(rows) AS count FROM import_fate
        WHERE run_id = $1 AND (NOT open OR reason = 'duplicate') GROUP BY reason ORDER BY reason`,
      [runId],
    );
    const orders = await reader.query<Count>(
      `SELECT reason, count(*) AS count, coalesce(sum(amount), 0)::bigint AS amount
         FROM (SELECT DISTINCT order_id, fate.reason
                 FROM import_fate AS fate LEFT JOIN order_process AS process USING (order_id)
                WHERE run_id = $1 AND type <> 'refund' AND is_news AND NOT fate.open
                      -- a faulty row beside its correction is none of an order that was rejected
                  AND (fate.reason IS DISTINCT FROM 'invalid' OR coalesce(process.status, 'rejected') = 'rejected')) AS news
         LEFT JOIN "order" USING (order_id)
        GROUP BY reason ORDER BY reason`,
      [runId],
    );
    const refunds = await reader.query<Count>(
      `SELECT reason, count(*) AS count, coalesce(sum(refund_amount), 0)::bigint AS amount
         FROM import_fate WHERE run_id = $1 AND type = 'refund' AND reason IS DISTINCT FROM 'duplicate' AND NOT open
        GROUP BY reason ORDER BY reason`,
      [runId],
    );
    const [moved] = await reader.query<Results['moved']>(
      `SELECT ${kinds.map((kind) => `coalesce(sum(${kind}), 0)::bigint AS ${kind}`).join(', ')}
         FROM posting
        WHERE correlation_id = $1 AND order_id IN (SELECT order_id FROM import_span WHERE run_id = $1)`,
      [runId],
    );
    return { rows, orders, refunds, moved: moved as Results['moved'] };
  }
}
