import type { Transaction } from '#libs/database';

/** Where each facility's chain ends. What is posted later is found by it. */
export type ChainEnds = ReadonlyMap<string, number>;

export async function chainEnds({ query }: Pick<Transaction, 'query'>): Promise<ChainEnds> {
  const heads = await query<{ facilityId: string; number: number }>(
    'SELECT facility_id AS "facilityId", number FROM chain_head',
  );
  return new Map(heads.map(({ facilityId, number }) => [facilityId, number]));
}

/** SQL, in FROM: each `journal` after these ends. @param facilities @param numbers parameters of the statement: `columnsOf` */
export function journalsAfter(facilities: string, numbers: string): string {
  return `chain_head
     LEFT JOIN unnest(${facilities}::text[], ${numbers}::bigint[]) AS ended (facility, number) ON facility = chain_head.facility_id
    CROSS JOIN LATERAL ( -- how many there are no planner can know: each chain by index
      SELECT journal_id, reverses FROM journal
       WHERE journal.facility_id = chain_head.facility_id AND chain_number > coalesce(ended.number, 0)
         AND chain_head.number > coalesce(ended.number, 0)
      OFFSET 0) AS journal`;
}

export function columnsOf(ends: ChainEnds): [facilities: string[], numbers: number[]] {
  return [[...ends.keys()], [...ends.values()]];
}
