import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { topics } from '#libs/contracts';
import { Database } from '#libs/database';
import { RepeatedWork } from './repeated-work.ts';

/** What is kept for a time only. The table of docs/OPERATING.md says the same. */
export interface Retained {
  readonly table: string;
  readonly what: string;
  readonly days: number;
  /** SQL: the row is older than that. */
  readonly expired: string;
  /** SQL: what becomes empty then, where the row itself stays. */
  readonly erased?: string;
}

const PAST = 'now() - make_interval(days => $1)';

/**
 * Longer than a topic keeps its messages: what is forgotten then cannot be delivered again. One that keeps them for ever is
 * for readers who remember by themselves how far they are.
 */
const INBOX_DAYS = 1 + Math.max(...Object.values(topics).map(({ retentionDays }) => retentionDays ?? 0));

/** In the order in which they are deleted. A service has some of these tables. */
export const retention: readonly Retained[] = [
  {
    table: 'inbox',
    what: 'which events were processed: a day longer than topics keep messages',
    days: INBOX_DAYS,
    expired: `processed_at < ${PAST}`,
  },
  {
    table: 'claimed_event_id',
    what: 'what senders of outside call by an id: likewise',
    days: INBOX_DAYS,
    expired: `claimed_at < ${PAST}`,
  },
  {
    table: 'reused_event_id',
    what: 'events whose sender used an id again',
    days: 90,
    expired: `seen_at < ${PAST}`,
  },
  {
    table: 'dead_letter',
    what: 'messages that could not be processed at first, from when they were redriven',
    days: 30,
    expired: `resolution = 'redriven' AND resolved_at < ${PAST}`,
  },
  {
    table: 'dead_letter',
    what: 'key, headers and value of those that were discarded; that they were is remembered, it is final',
    days: 30,
    expired: `resolution = 'discarded' AND resolved_at < ${PAST} AND headers <> ''`,
    erased: `key = NULL, key_hash = NULL, headers = '', value = NULL, is_whole = false`,
  },
  {
    table: 'undeliverable',
    what: 'messages that the broker refused, from when somebody has decided about them',
    days: 30,
    expired: `resolved_at < ${PAST}`,
  },
  {
    table: 'idempotency_key',
    what: 'answers to requests with an Idempotency-Key',
    days: 30,
    expired: `created_at < ${PAST}`,
  },
  {
    table: 'rejected_checkout',
    what: 'what marketplaces sent and could not be taken',
    days: 90,
    expired: `received_at < ${PAST}`,
  },
  {
    table: 'webhook_message',
    what: 'what marketplaces sent by webhook, sealed, and what became of it',
    days: 90,
    expired: `received_at < ${PAST}`,
  },
  {
    table: 'outgoing_webhook',
    what: 'which outcomes a marketplace took by webhook, and when',
    days: 90,
    expired: `state = 'taken' AND ended_at < ${PAST}`,
  },
  {
    table: 'import_span',
    what: 'what became of the rows of an imported file, from the start of its run',
    days: 90,
    expired: `run_id IN (SELECT run_id FROM import_run WHERE started_at < ${PAST})`,
  },
  {
    table: 'import_run',
    what: 'runs of an import',
    days: 90,
    expired: `started_at < ${PAST} AND NOT EXISTS (SELECT FROM import_span WHERE import_span.run_id = import_run.run_id)`,
  },
  {
    table: 'personal_read',
    what: 'who was shown what of which makers, or opened a message that failed, and what for; that there was a read stays, for the chain',
    days: 1_826,
    expired: `at < ${PAST} AND person IS NOT NULL`,
    erased: 'person = NULL, client = NULL, route = NULL, purpose = NULL, maker_ids = NULL',
  },
];

/** A statement holds its locks for a moment only. */
const ROWS_AT_ONCE = 1_000;
const INTERVAL_MS = 3_600_000;

const endedTotal = new Counter({
  name: 'retention_ended_rows_total',
  help: 'Rows deleted, or emptied, at the end of their retention',
  labelNames: ['table'],
});

/** Deletes at the start and every hour what has been kept for long enough. Several instances may do so at once. */
@Injectable()
export class Retention extends RepeatedWork {
  constructor(private readonly database: Database) {
    super(INTERVAL_MS, 'retention not enforced');
  }

  protected override async work(signal: AbortSignal): Promise<boolean> {
    await this.enforce(signal);
    return false;
  }

  async enforce(signal?: AbortSignal): Promise<void> {
    for (const retained of retention) {
      const [known] = await this.database.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
        retained.table,
      ]);
      if (known?.exists) await this.#end(retained, signal);
    }
  }

  async #end({ table, days, expired, erased }: Retained, signal?: AbortSignal): Promise<void> {
    const end = erased ? `UPDATE ${table} SET ${erased}` : `DELETE FROM ${table}`;
    for (let ended = ROWS_AT_ONCE; ended === ROWS_AT_ONCE && !signal?.aborted; ) {
      const rows = await this.database.query(
        `${end} WHERE ctid = ANY (ARRAY (SELECT ctid FROM ${table} WHERE ${expired} LIMIT $2)) RETURNING 1`,
        [days, ROWS_AT_ONCE],
      );
      ended = rows.length;
      endedTotal.inc({ table }, ended);
    }
  }
}
