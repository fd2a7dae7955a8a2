import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Makers who were merged are one person for floors, and for all that is remembered from their next merge on. */
export class MergedMakersAreOne1764000001620 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION merged_makers(counting boolean) RETURNS TABLE (maker_id text, person_id text)
      STABLE LANGUAGE sql AS $$
        WITH RECURSIVE latest AS (
          SELECT DISTINCT ON (maker_event.maker_id) maker_event.maker_id, content ->> 'into' AS into,
                 NOT counting OR EXISTS (SELECT FROM journal
                                          WHERE source_reference = 'maker/' || event_id AND kind = 'custody'
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
      $$;
      COMMENT ON FUNCTION merged_makers IS 'Of makers who were merged, who survives. counting: in whose name is remembered; not after a merge from before counts moved with it.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION merged_makers');
  }
}
