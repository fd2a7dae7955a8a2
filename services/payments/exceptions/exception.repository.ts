import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';

type Reader = Pick<Transaction, 'query'>;

export const kinds = ['conflict', 'unknown-type', 'no-store', 'too-much', 'file-incomplete'] as const;
export type ExceptionKind = (typeof kinds)[number];

/** What a channel has reported and is not in the books. */
export interface SettlementException {
  readonly kind: ExceptionKind;
  /** Settlement id, or channel and file. */
  readonly reference: string;
  readonly channel: string;
  readonly detail: string | null;
  /** Whole rupiah. */
  readonly amount: number;
  /** As it was reported. */
  readonly content: object | null;
}

export interface ListedException extends Omit<SettlementException, 'content'> {
  readonly since: string;
  readonly days: number;
  readonly owner: string | null;
  readonly note: string | null;
  /** Person id: who has written the note. */
  readonly notedBy: string | null;
}

type Named = Pick<SettlementException, 'kind' | 'reference'>;

export interface ExceptionFilter {
  /** Null: all. */
  readonly channels: readonly string[] | null;
  readonly kind?: ExceptionKind | undefined;
}

const COLUMNS = `kind, reference, channel, detail, amount, (since AT TIME ZONE 'Asia/Jakarta')::date AS since,
  (now() AT TIME ZONE 'Asia/Jakarta')::date - (since AT TIME ZONE 'Asia/Jakarta')::date AS days, owner, note, noted_by AS "notedBy"`;

@Injectable()
export class ExceptionRepository {
  /** One that is there stays as it is, with who looks after it. */
  async add(transaction: Transaction, exceptions: readonly SettlementException[]): Promise<void> {
    if (exceptions.length === 0) return;
    await transaction.query(
      `INSERT INTO settlement_exception (kind, reference, channel, detail, amount, content)
       SELECT kind, reference, channel, detail, amount, content
         FROM jsonb_to_recordset($1) AS found (kind text, reference text, channel text, detail text, amount bigint, content jsonb)
        ORDER BY kind, reference
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(exceptions)],
    );
  }

  /** What was missing has come. */
  async resolve(transaction: Transaction, references: readonly string[]): Promise<void> {
    if (references.length === 0) return;
    await transaction.query('DELETE FROM settlement_exception WHERE reference = ANY ($1::text[])', [references]);
  }

  /** Of these, what is listed as of no order, and somebody has noted what is done about it by hand. */
  async lookedAfter(transaction: Transaction, references: readonly string[]): Promise<Set<string>> {
    if (references.length === 0) return new Set();
    const rows = await transaction.query<{ reference: string }>(
      `SELECT reference FROM settlement_exception
        WHERE kind = 'no-store' AND reference = ANY ($1::text[]) AND noted_by IS NOT NULL`,
      [references],
    );
    return new Set(rows.map(({ reference }) => reference));
  }

  /** The oldest first, after the one given. */
  list(
    reader: Reader,
    { channels, kind }: ExceptionFilter,
    after: { readonly kind: string; readonly reference: string } | undefined,
    limit: number,
  ): Promise<ListedException[]> {
    return reader.query(
      `SELECT ${COLUMNS} FROM settlement_exception
        WHERE accepted_by IS NULL AND ($1::text[] IS NULL OR channel = ANY ($1)) AND ($2::text IS NULL OR kind = $2)
          AND ($3::text IS NULL OR (settlement_exception.since, kind, reference)
                > (SELECT before.since, before.kind, before.reference FROM settlement_exception AS before
                    WHERE (before.kind, before.reference) = ($3, $4)))
        ORDER BY settlement_exception.since, kind, reference LIMIT $5`,
      [channels, kind, after?.kind, after?.reference, limit],
    );
  }

  /** The last one counts. */
  async note(
    transaction: Transaction,
    { kind, reference, owner, note, by }: Named & { owner: string; note: string; by: string },
  ): Promise<void> {
    await transaction.query(
      'UPDATE settlement_exception SET owner = $3, note = $4, noted_by = $5 WHERE kind = $1 AND reference = $2 AND accepted_by IS NULL',
      [kind, reference, owner, note, by],
    );
  }

  /** It is listed no more. */
  async accept(transaction: Transaction, { kind, reference }: Named, by: string): Promise<void> {
    await transaction.query(
      'UPDATE settlement_exception SET accepted_by = $3, accepted_at = now() WHERE kind = $1 AND reference = $2',
      [kind, reference, by],
    );
  }

  /** It, if it is listed; nobody else decides about it until the transaction ends. */
  async lock(transaction: Transaction, { kind, reference }: Named): Promise<ListedException | undefined> {
    const [found] = await transaction.query<ListedException>(
      `SELECT ${COLUMNS} FROM settlement_exception WHERE kind = $1 AND reference = $2 AND accepted_by IS NULL FOR UPDATE`,
      [kind, reference],
    );
    return found;
  }
}
