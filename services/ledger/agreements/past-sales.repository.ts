import type { Snapshot } from '../snapshot.ts';
import { type ScopeLevel, scopeLevels } from './in-force.ts';
import type { PastSale } from './simulation.ts';

export interface PastSalesFilter {
  /** Orders placed from this instant on, and before that one. */
  readonly from: Date;
  readonly until: Date;
  readonly facilityId: string | null;
  /** Not sales that a more specific agreement than this shared: it would have shared them all the same. */
  readonly scopeLevel: ScopeLevel;
  /** Whether to sort them, which takes its time. */
  readonly inOrderOfPosting: boolean;
}

/** Sales read at once: memory stays flat however many there are, and others have their turn in between. */
const CHUNK_SALES = 500;

/** Sales in the books, in chunks. */
export async function* pastSales({ query }: Snapshot, filter: PastSalesFilter): AsyncGenerator<PastSale[]> {
  await query(
    `DECLARE past_sale NO SCROLL CURSOR FOR
     SELECT source AS sale, posted_on AS "postedOn",
            (SELECT json_agg(json_build_object('lineRef', line_ref, 'refunded', refunded, 'credits', credits))
               FROM sale_line WHERE sale_id = source_reference) AS lines
       FROM journal
      WHERE kind = 'sale' AND occurred_at >= $1 AND occurred_at < $2
        AND ($3::text IS NULL OR facility_id = $3) 
        AND agreement_id = ANY (ARRAY(SELECT agreement_id FROM agreement WHERE scope_level = ANY ($4)))
      ${filter.inOrderOfPosting ? 'ORDER BY recorded_at, journal_id' : ''}`,
    [filter.from, filter.until, filter.facilityId, scopeLevels.slice(0, scopeLevels.indexOf(filter.scopeLevel) + 1)],
  );
  for (;;) {
    const chunk = await query<PastSale>(`FETCH ${CHUNK_SALES} FROM past_sale`);
    if (chunk.length === 0) return;
    yield chunk.map(inOrderOfTheSale);
  }
}

function inOrderOfTheSale({ lines, ...past }: PastSale): PastSale {
  const stored = new Map(lines.map((line) => [line.lineRef, line]));
  return { ...past, lines: past.sale.lines.flatMap(({ lineRef }) => stored.get(lineRef) ?? []) };
}
