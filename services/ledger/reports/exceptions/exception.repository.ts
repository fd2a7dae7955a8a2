import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { IS_DRAFT } from '#libs/decisions';
import { newId } from '#libs/messaging';
import { IS_UNRESOLVED } from '../../sales/sales/refused-event.repository.ts';
import { IN_SUSPENSE } from '../../sales/sales/sale-line.columns.ts';
import { BREAKS } from '../reconciliation/break.repository.ts';
import {
  type ExceptionAction,
  type ExceptionKind,
  type ExceptionPage,
  type ExceptionView,
  kinds,
} from './exception.dto.ts';

type Reader = Pick<Transaction, 'query'>;

export interface ExceptionFilter {
  /** Of whose books; null: of all, and what is in nobody's. */
  readonly facilities: readonly string[] | null;
  readonly kind?: ExceptionKind | undefined;
  readonly reference?: string | undefined;
  readonly owner?: string | undefined;
  readonly days?: number | undefined;
}

/** Where a page begins: behind this one. */
export interface Position {
  readonly since: string;
  readonly kind: string;
  readonly reference: string;
}

/** Events of neighbours are on their way for a while. */
const TOLD_WITHIN = `interval '1 hour'`;
/** Channels pay when the goods cannot come back any more; so long if their terms do not say. */
const SETTLED_WITHIN_DAYS = 14;
/**
 * So long a billing code of the state can be paid; then it has to be made anew. The receipt of one (SIMPONI, "Bukti Pembuatan
 * Tagihan") has a "Tanggal Kedaluwarsa" seven days after its "Tanggal Billing", and says that it is not taken after it.
 */
const BILLING_CODE_DAYS = Number(process.env.BILLING_CODE_DAYS ?? 7);

const TODAY = `(now() AT TIME ZONE 'Asia/Jakarta')::date`;
const dayOf = (instant: string) => `(${instant} AT TIME ZONE 'Asia/Jakarta')::date`;

/** Of a sale that was settled the channel holds something again, and no refund was told. */
const TAKEN_BACK = '(released_by IS NOT NULL AND receivable > 0)';

/** SQL: sales that a settlement has left open, since then. */
const open = (which: string) => `
    SELECT sale_id, open_settlement, ARRAY[sale.facility_id], receivable, posted_on
      FROM sale JOIN journal ON kind = 'settlement' AND source_reference = open_settlement || '@' || sale.facility_id
     WHERE open_settlement IS NOT NULL AND ${which}`;

/** What can be done about one, besides taking its cause away. */
const ACTIONS: Readonly<Partial<Record<ExceptionKind, readonly ExceptionAction[]>>> = {
  'partly-paid': ['assign', 'accept'],
  'amount-differs': ['assign', 'accept'],
  'refund-missing': ['assign', 'accept'],
  'unknown-order': ['assign', 'allocate'],
  'no-store': ['assign', 'allocate'],
  refused: ['assign', 'redrive', 'discard'],
};
/** SQL, of a row of a page: what somebody has proposed to do about it, and nobody has decided. */
const PROPOSAL = `
  CASE WHEN kind = 'refused' THEN (
         SELECT json_build_object('kind', 'refused-event', 'id', event_id, 'by', created_by, 'at', created_at, 'reason', reason)
           FROM refused_event_resolution WHERE event_id = page.reference::uuid AND ${IS_DRAFT})
       WHEN kind IN ('partly-paid', 'amount-differs', 'refund-missing', 'unknown-order', 'no-store') THEN (
         SELECT json_build_object('kind', 'adjustment', 'id', adjustment_id, 'by', created_by, 'at', created_at, 'reason', reason)
           FROM adjustment
          WHERE ${IS_DRAFT} AND coalesce(content ->> 'saleId', content ->> 'holdId') = page.reference
          ORDER BY adjustment_id LIMIT 1)
  END`;
/** SQL: what the books hold. */
const held = (reference: string, detail: string, which: string) => `
    SELECT ${reference}, ${detail}, ARRAY[hold.facility_id], amount, ${dayOf('occurred_at')}
      FROM hold JOIN journal USING (journal_id) WHERE cleared_by IS NULL AND ${which}`;

/** SQL, by kind: what is open of it, found by index however much is not; breaks as they were last compared. */
const KINDS: Readonly<Record<ExceptionKind, string>> = {
  break: `
    SELECT subject || '/' || reference AS reference, break.kind AS detail, facilities, amount, ${dayOf('since')} AS since
      FROM break WHERE since < now() - ${TOLD_WITHIN}`,
  suspense: `
    SELECT concat_ws(' ', sale_id, line_ref, part ->> 'name'), part ->> 'name', ARRAY[journal.facility_id],
           (part ->> 'amount')::bigint - (part ->> 'reversed')::bigint, posted_on
      FROM sale_line JOIN journal USING (journal_id),
           jsonb_array_elements(credits) AS credit, jsonb_array_elements(credit -> 'parts') AS part
     WHERE ${IN_SUSPENSE} AND starts_with(credit ->> 'account', 'suspense@') AND part -> 'parts' = '[]'
       AND (part ->> 'amount')::bigint <> (part ->> 'reversed')::bigint`,
  receivable: `
    SELECT code, owner, ARRAY[maker_seat.facility_id], balance, first.posted_on
      FROM account LEFT JOIN maker_seat ON maker_id = split_part(owner, ':', 2)
      JOIN LATERAL (
        SELECT posted_on FROM entry
         WHERE entry.account_id = account.account_id
           AND account_version > coalesce((SELECT max(account_version) FROM entry AS paid
                                            WHERE paid.account_id = account.account_id AND running_balance <= 0), 0)
         ORDER BY account_version LIMIT 1) AS first ON true
     WHERE purpose = 'receivable' AND starts_with(owner, 'maker:') AND balance > 0`,
  unsettled: `
    SELECT sale_id, channel, ARRAY[sale.facility_id], receivable, posted_on
      FROM sale JOIN journal USING (journal_id)
     WHERE (receivable <> 0 OR released_by IS NULL) AND receivable <> 0 AND open_settlement IS NULL
       AND coalesce(${dayOf('settles_by')} + 1, posted_on + ${SETTLED_WITHIN_DAYS}) <= ${TODAY}`,
  'partly-paid': open(`tolerance IS NULL AND NOT ${TAKEN_BACK}`),
  'amount-differs': open(`tolerance IS NOT NULL AND NOT ${TAKEN_BACK}`),
  'refund-missing': open(TAKEN_BACK),
  'late-deposit': `
    SELECT deposit_id::text, 'billed', ARRAY[facility_id], amount, ${dayOf('created_at')}
      FROM deposit WHERE confirmed_by IS NULL AND ${dayOf('created_at')} <= ${TODAY} - ${BILLING_CODE_DAYS}
    UNION ALL
    SELECT code, 'owed', ARRAY[account.facility_id], least(-balance - reserved, -before.owed - since.paid)::bigint,
           month_end
      FROM (SELECT date_trunc('month', ${TODAY})::date - 1 AS month_end) AS last_month, account
      JOIN LATERAL (SELECT coalesce(sum(held.balance), 0) AS owed FROM balances_on(account_id, month_end) AS held) AS before
           ON true
      JOIN LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS paid
                      FROM entries_between(account_id, month_end + 1, 'infinity')) AS since ON true
     WHERE purpose = 'pnbp' AND balance < 0 AND least(-balance - reserved, -before.owed - since.paid) > 0`,
  'awaiting-goods': held('hold.order_id', `source ->> 'awaits'`, `hold.number IS NOT NULL AND hold.subject = 'order'`),
  'awaiting-agreement': held(
    'hold.sale_id',
    `source ->> 'channel'`,
    `hold.sale_id IS NOT NULL AND hold.subject = 'order'`,
  ),
  'unknown-order': held(
    'hold.hold_id',
    `source -> 'settlement' ->> 'bank'`,
    `hold.subject = 'settlement-without-order'`,
  ),
  'no-store': held(
    'hold.hold_id',
    `concat_ws(', ', source -> 'charge' ->> 'called', source -> 'charge' ->> 'store')`,
    `hold.subject = 'charge'`,
  ),
  refused: `
    SELECT event_id::text, reason || ': ' || reference,
           CASE WHEN data ->> 'facilityId' IS NOT NULL THEN ARRAY[data ->> 'facilityId'] END,
           (data ->> 'amount')::bigint, ${dayOf('refused_at')}
      FROM refused_event WHERE ${IS_UNRESOLVED}`,
};

function actionsFor({ kind, proposal }: Pick<ExceptionView, 'kind' | 'proposal'>): readonly ExceptionAction[] {
  return (proposal ? undefined : ACTIONS[kind]) ?? ['assign'];
}

@Injectable()
export class ExceptionRepository {
  /** The oldest first, after a position; with how many there are of each kind. */
  async page(
    reader: Reader,
    { facilities, kind, reference, owner, days }: ExceptionFilter,
    after: Position | undefined,
    limit: number,
  ): Promise<Pick<ExceptionPage, 'kinds' | 'items'>> {
    const asked = kinds.filter((each) => kind === undefined || each === kind);
    const found = asked.map(
      (each) =>
        `SELECT '${each}' AS kind, each.* FROM (${KINDS[each]}) AS each (reference, detail, facilities, amount, since)`,
    );
    const [page] = await reader.query<Pick<ExceptionPage, 'kinds' | 'items'>>(
      `WITH ${asked.includes('break') ? `${BREAKS},` : ''}
       exception AS MATERIALIZED (
         SELECT found.*, owner, note, noted_by, noted_at
           FROM (${found.join(' UNION ALL ')}) AS found
           LEFT JOIN LATERAL (SELECT owner, note, noted_by, noted_at FROM exception_note AS last
                               WHERE last.kind = found.kind AND last.reference = found.reference
                               ORDER BY note_id DESC LIMIT 1) AS noted ON true
          WHERE ($1::text[] IS NULL OR facilities && $1) AND ($2::text IS NULL OR found.reference = $2)
            AND ($3::text IS NULL OR owner = $3) AND ($4::int IS NULL OR since <= ${TODAY} - $4)),
       page AS (
         SELECT * FROM exception
          WHERE $5::date IS NULL OR (since, kind COLLATE "C", reference COLLATE "C") > ($5, $6::text, $7::text)
          ORDER BY since, kind COLLATE "C", reference COLLATE "C" LIMIT $8)
       SELECT (SELECT coalesce(json_agg(json_build_object('kind', kind, 'count', count, 'amount', amount, 'since', since)
                                        ORDER BY kind), '[]')
                 FROM (SELECT kind, count(*) AS count, coalesce(sum(amount), 0)::bigint AS amount, min(since) AS since
                         FROM exception GROUP BY kind) AS of_kind) AS kinds,
              (SELECT coalesce(json_agg(json_build_object(
                        'kind', kind, 'reference', reference, 'detail', detail,
                        'facilityId', CASE WHEN cardinality(facilities) = 1 THEN facilities[1] END,
                        'amount', amount, 'since', since, 'days', ${TODAY} - since, 'owner', owner,
                        'note', CASE WHEN note IS NOT NULL
                                     THEN json_build_object('note', note, 'by', noted_by, 'at', noted_at) END,
                        'proposal', ${PROPOSAL})
                        ORDER BY since, kind COLLATE "C", reference COLLATE "C"), '[]') FROM page) AS items`,
      [facilities, reference, owner, days, after?.since, after?.kind, after?.reference, limit],
    );
    const { kinds: counted, items } = page as Pick<ExceptionPage, 'kinds' | 'items'>;
    return { kinds: counted, items: items.map((each) => ({ ...each, actions: actionsFor(each) })) };
  }

  async find(
    reader: Reader,
    facilities: readonly string[] | null,
    { kind, reference }: Pick<ExceptionView, 'kind' | 'reference'>,
  ): Promise<ExceptionView | undefined> {
    const { items } = await this.page(reader, { facilities, kind, reference }, undefined, 1);
    return items[0];
  }

  /** The last one counts; those before stay. */
  async note(
    transaction: Reader,
    note: { kind: ExceptionKind; reference: string; owner: string; note: string; by: string },
  ): Promise<void> {
    await transaction.query(
      'INSERT INTO exception_note (note_id, kind, reference, owner, note, noted_by) VALUES ($1, $2, $3, $4, $5, $6)',
      [newId(), note.kind, note.reference, note.owner, note.note, note.by],
    );
  }
}
