import { readInParts } from '#libs/database';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import type { ApprovedAgreement } from '../agreements/in-force.ts';
import { linesInScope } from '../agreements/lines-in-scope.ts';
import type { PastSale } from './simulation.ts';

export interface PastSalesFilter {
  /** Orders placed from this instant on, and before that one. */
  readonly from: Date;
  readonly until: Date;
  /** Only of this facility; null: of all. */
  readonly facilityId: string | null;
  /** Only lines in its scope, and none that a more specific agreement shared: that would have shared them all the same. */
  readonly version: Pick<ApprovedAgreement, 'scopeLevel' | 'scopeId'>;
  /** Whether to sort them, which takes its time. */
  readonly inOrderOfPosting: boolean;
}

/** Sales read at once: memory stays flat however many there are, and others have their turn in between. */
const CHUNK_SALES = 500;

/** How many sales are looked at: those without a line in its scope are passed over. */
export async function countPastSales(
  { query }: Snapshot,
  { from, until, facilityId }: PastSalesFilter,
): Promise<number> {
  const [row] = await query<{ sales: number }>(
    `SELECT count(*) AS sales FROM journal
      WHERE kind = 'sale' AND occurred_at >= $1 AND occurred_at < $2 AND ($3::text IS NULL OR facility_id = $3)`,
    [from, until, facilityId],
  );
  return row?.sales ?? 0;
}

/** Sales in the books, with those of their lines that are asked for, in chunks. */
export async function* pastSales(snapshot: Snapshot, filter: PastSalesFilter): AsyncGenerator<PastSale[]> {
  const chunks = readInParts<PastSale>(snapshot, {
    name: 'past_sale',
    sql: `
     SELECT source AS sale, posted_on AS "postedOn", lines
       FROM journal
      CROSS JOIN LATERAL (SELECT json_agg(json_build_object('lineRef', line_ref, 'refunded', refunded,
                                                            'credits', credits)) AS lines
                            ${linesInScope('$4', '$5')}) AS asked
      WHERE kind = 'sale' AND occurred_at >= $1 AND occurred_at < $2
        AND ($3::text IS NULL OR facility_id = $3) AND lines IS NOT NULL
      ${filter.inOrderOfPosting ? 'ORDER BY recorded_at, journal.journal_id' : ''}`,
    parameters: [filter.from, filter.until, filter.facilityId, filter.version.scopeLevel, filter.version.scopeId],
    rowsAtOnce: CHUNK_SALES,
  });
  for await (const chunk of chunks) yield chunk.map(inOrderOfSale);
}

function inOrderOfSale({ sale, lines, ...past }: PastSale): PastSale {
  const stored = new Map(lines.map((line) => [line.lineRef, line]));
  const asked = sale.lines.filter(({ lineRef }) => stored.has(lineRef));
  return {
    ...past,
    sale: { ...sale, lines: asked },
    lines: asked.flatMap(({ lineRef }) => stored.get(lineRef) ?? []),
  };
}
