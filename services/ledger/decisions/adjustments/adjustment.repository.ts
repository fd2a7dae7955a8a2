import { Injectable } from '@nestjs/common';
import { facilitiesInScope, type Transaction } from '#libs/database';
import { approvedAs, type Decided, decidedColumns, type Refusal, refuse } from '#libs/decisions';
import { IN_SUSPENSE } from '../../sales/sales/sale-line.columns.ts';
import type { AdjustmentEntry, EntriesType, Lot } from './adjustment.ts';
import type { Obligation } from './obligation.ts';

type Reader = Pick<Transaction, 'query'>;

export type Content =
  | { readonly type: EntriesType; readonly content: { readonly entries: readonly AdjustmentEntry[] } }
  | { readonly type: 'contributions'; readonly content: Lot }
  | { readonly type: 'obligation'; readonly content: Obligation }
  /** What the settlements of a sale do not come to is accepted. */
  | { readonly type: 'difference'; readonly content: { readonly saleId: string } }
  /** What is held of an order that is not there goes to the facility. Drafts of before do not say how much that is. */
  | { readonly type: 'assignment'; readonly content: { readonly holdId: string; readonly amount?: number } };

interface Drafted {
  readonly adjustmentId: string;
  readonly facilityId: string;
  readonly occurredAt: Date;
  readonly reason: string;
  /** Person id. */
  readonly createdBy: string;
}

export type AdjustmentDraft = Drafted & Content;

export type Adjustment = AdjustmentDraft &
  Decided & {
    /** How many its approval posted; null: a draft. */
    readonly journals: number | null;
  };

const COLUMNS = `adjustment_id AS "adjustmentId", type, facility_id AS "facilityId", occurred_at AS "occurredAt", reason,
  content, journals, ${decidedColumns()}`;

@Injectable()
export class AdjustmentRepository {
  async add(transaction: Reader, draft: AdjustmentDraft): Promise<Adjustment> {
    const [added] = await transaction.query<Adjustment>(
      `INSERT INTO adjustment (adjustment_id, type, facility_id, occurred_at, reason, content, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      [
        draft.adjustmentId,
        draft.type,
        draft.facilityId,
        draft.occurredAt,
        draft.reason,
        draft.content,
        draft.createdBy,
      ],
    );
    return added as Adjustment;
  }

  async find(reader: Reader, adjustmentId: string): Promise<Adjustment | undefined> {
    const [found] = await reader.query<Adjustment>(`SELECT ${COLUMNS} FROM adjustment WHERE adjustment_id = $1`, [
      adjustmentId,
    ]);
    return found;
  }

  /** Nobody else approves it until the transaction ends. */
  async lock(transaction: Transaction, adjustmentId: string): Promise<Adjustment | undefined> {
    const [found] = await transaction.query<Adjustment>(
      `SELECT ${COLUMNS} FROM adjustment WHERE adjustment_id = $1 FOR UPDATE`,
      [adjustmentId],
    );
    return found;
  }

  async approve(transaction: Transaction, adjustmentId: string, by: string, journals: number): Promise<void> {
    await transaction.query(
      `UPDATE adjustment SET approved_by = $2, approved_at = now(), journals = $3 WHERE adjustment_id = $1`,
      [adjustmentId, by, journals],
    );
  }

  async refuse(transaction: Transaction, draft: Adjustment, refusal: Refusal): Promise<void> {
    await refuse(transaction, 'adjustment', { adjustment_id: draft.adjustmentId }, draft, refusal);
  }

  /** In the order of drafting. */
  list(
    reader: Reader,
    filter: {
      facilityId?: string | undefined;
      approved?: boolean | undefined;
      after: string | undefined;
      limit: number;
    },
  ): Promise<Adjustment[]> {
    return reader.query(
      `SELECT ${COLUMNS} FROM adjustment
        WHERE ($1::text IS NULL OR facility_id = $1) AND ${approvedAs('$2')}
          AND ($3::uuid IS NULL OR adjustment_id > $3) AND ($5::text[] IS NULL OR facility_id = ANY ($5))
        ORDER BY adjustment_id LIMIT $4`,
      [filter.facilityId, filter.approved, filter.after, filter.limit, facilitiesInScope()],
    );
  }

  /** Those of these makers' accounts whose owner is frozen (maker-events/maker-event.ts). */
  async frozen(reader: Reader, accounts: readonly string[]): Promise<string[]> {
    const rows = await reader.query<{ account: string }>(
      `SELECT account FROM unnest($1::text[]) AS account, maker_standing(split_part(account, ':', 2), current_date)
        WHERE frozen`,
      [accounts],
    );
    return rows.map(({ account }) => account);
  }

  /** Of these lots, those of whose sales suspense holds something. */
  async held<Of extends { readonly facilityId: string; readonly lotId: string }>(
    reader: Reader,
    lots: readonly Of[],
  ): Promise<Of[]> {
    const rows = await reader.query<{ nth: number }>(
      `SELECT nth FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (facility_id, lot_id, nth)
        WHERE EXISTS (
          SELECT FROM sale_line, jsonb_array_elements(credits) AS credit, jsonb_array_elements(credit -> 'parts') AS part
           WHERE ${IN_SUSPENSE} AND credit ->> 'account' = 'suspense@' || asked.facility_id
             AND part ->> 'name' = asked.lot_id AND part -> 'parts' = '[]' AND part -> 'amount' <> part -> 'reversed')`,
      [lots.map(({ facilityId }) => facilityId), lots.map(({ lotId }) => lotId)],
    );
    const found = new Set(rows.map(({ nth }) => nth - 1));
    return lots.filter((_, index) => found.has(index));
  }

  /** Sale lines of which suspense was credited, whose sale took from this lot. */
  linesWithLot(
    reader: Reader,
    facilityId: string,
    lotId: string,
  ): Promise<{ saleId: string; orderId: string; lineRef: string }[]> {
    return reader.query(
      `SELECT sale_id AS "saleId", source ->> 'orderId' AS "orderId", line_ref AS "lineRef"
         FROM sale_line JOIN journal USING (journal_id)
        WHERE ${IN_SUSPENSE} AND credits @> $1`,
      [JSON.stringify([{ name: `suspense@${facilityId}`, parts: [{ name: lotId }] }])],
    );
  }
}
