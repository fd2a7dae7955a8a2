import type { Transaction } from '#libs/database';
import type { StoredKind } from '../../books/journals/kind.ts';
import type { SalePortion } from '../../sharing/waterfall/sale.ts';

/** What moved one of a maker's accounts, and the order line that it came from. */
export interface StoryEntry {
  readonly postedOn: string;
  readonly kind: StoredKind;
  /** Of a kind that held several, else null. */
  readonly source: unknown;
  /** Purpose of the account. */
  readonly account: string;
  readonly version: number;
  /** Positive: for the maker. */
  readonly amount: number;
  /** As it was sold; null: it came from none. */
  readonly line: { readonly sku: string; readonly quantity: number; readonly portions: readonly SalePortion[] } | null;
  /** Of a refund: units that came back. */
  readonly refunded: number | null;
  /** Of contributions that were found later. */
  readonly lot: Pick<SalePortion, 'lotId' | 'measure' | 'contributions'> | null;
}

/** In the order of recording. */
export function storyOf(
  query: Transaction['query'],
  makerId: string,
  { from, to }: { readonly from: string; readonly to: string },
  limit: number,
): Promise<StoryEntry[]> {
  return query(
    `SELECT entry.posted_on AS "postedOn", journal.kind,
            CASE WHEN journal.kind IN ('adjustment', 'custody') THEN journal.source END AS source,
            purpose AS account, account_version AS version, -amount AS amount,
            (SELECT line FROM json_array_elements(coalesce(sold.source, journal.source) -> 'lines') AS line
              WHERE line ->> 'lineRef' = line_ref) AS line,
            CASE WHEN journal.kind = 'refund' THEN (journal.source ->> 'quantity')::int END AS refunded,
            journal.source -> 'lot' AS lot
       FROM account CROSS JOIN LATERAL entries_between(account.account_id, $2, $3) AS entry
       JOIN journal ON journal.journal_id = entry.journal_id
       LEFT JOIN journal AS sold ON sold.journal_id = journal.reverses AND sold.kind = 'sale'
      WHERE owner = $1
      ORDER BY journal.recorded_at, journal.journal_id, purpose, account_version LIMIT $4`,
    [`maker:${makerId}`, from, to, limit],
  );
}
