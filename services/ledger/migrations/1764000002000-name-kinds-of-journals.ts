import type { MigrationInterface, QueryRunner } from 'typeorm';

const OLD = `'sale', 'release', 'settlement', 'refund', 'payout', 'payout-failed', 'deposit', 'adjustment', 'opening', 'custody'`;
const NEW = `'correction', 'write-off', 'obligation', 'contribution', 'variance', 'floor-top-up', 'transfer', 'release-of-savings',
             'freeze', 'unfreeze', 'merge'`;

/** A journal's kind says what it is. What is posted keeps the kind that was hashed: `adjustment` and `custody`. */
export class NameKindsOfJournals1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${allow(`${OLD}, ${NEW}`)}; ${mergedMakers(`'merge', 'custody'`)}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${allow(OLD)}; ${mergedMakers(`'custody'`)}`);
  }
}

/** Not validated: each kind that there is was allowed before, and nobody waits while all journals are read. */
function allow(kinds: string): string {
  return `
    ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
    ALTER TABLE journal ADD CONSTRAINT journal_kind_check CHECK (kind IN (${kinds})) NOT VALID`;
}

function mergedMakers(kinds: string): string {
  return `
    CREATE OR REPLACE FUNCTION merged_makers(counting boolean) RETURNS TABLE (maker_id text, person_id text)
    STABLE LANGUAGE sql AS $$
      WITH RECURSIVE latest AS (
        SELECT DISTINCT ON (maker_event.maker_id) maker_event.maker_id, content ->> 'into' AS into,
               NOT counting OR EXISTS (SELECT FROM journal
                                        WHERE source_reference = 'maker/' || event_id AND kind IN (${kinds})
                                          AND source -> 'counters' IS NOT NULL) AS counts
          FROM maker_event WHERE type = 'merge' AND number IS NOT NULL
         ORDER BY maker_event.maker_id, number DESC
      ), chain AS (
        SELECT latest.maker_id, latest.into AS person_id, 1 AS depth FROM latest WHERE counts
        UNION ALL
        SELECT chain.maker_id, latest.into, depth + 1 FROM chain JOIN latest ON latest.maker_id = chain.person_id
         WHERE counts AND depth < 100
      )
      SELECT DISTINCT ON (chain.maker_id) chain.maker_id, chain.person_id FROM chain
       ORDER BY chain.maker_id, depth DESC
    $$`;
}
