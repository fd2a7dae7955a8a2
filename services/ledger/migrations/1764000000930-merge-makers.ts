import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of duplicate persons one survives, and is paid what the other earned. */
export class MergeMakers1764000000930 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION maker_standing(maker text, on_day date)
      RETURNS TABLE (paid_by text, frozen boolean, payee text) STABLE LANGUAGE sql AS $$
        WITH RECURSIVE person AS (
          SELECT maker AS maker_id, 0 AS depth
          UNION ALL
          SELECT content ->> 'into', depth + 1
            FROM person JOIN LATERAL (SELECT content FROM maker_event
                                       WHERE maker_event.maker_id = person.maker_id AND type = 'merge'
                                         AND number IS NOT NULL
                                       ORDER BY number DESC LIMIT 1) AS merged ON true
        ), survivor AS (SELECT maker_id FROM person ORDER BY depth DESC LIMIT 1)
        SELECT (SELECT facility_id FROM maker_event
                 WHERE maker_event.maker_id = survivor.maker_id AND type = 'transfer' AND effective_on <= on_day
                 ORDER BY effective_on DESC, number DESC LIMIT 1),
               coalesce(hold.type = 'freeze', false),
               coalesce(hold.content ->> 'payee', CASE WHEN survivor.maker_id <> maker THEN 'maker:' || survivor.maker_id END)
          FROM survivor
          LEFT JOIN LATERAL (SELECT type, content FROM maker_event
                              WHERE maker_event.maker_id = survivor.maker_id AND type IN ('freeze', 'unfreeze')
                                AND number IS NOT NULL
                              ORDER BY number DESC LIMIT 1) AS hold ON true
      $$;
      COMMENT ON FUNCTION maker_standing IS 'Of the person that a maker was merged into, if any. paid_by: the facility that pays, after a transfer; null: each pays what its sales earned. payee: who is paid in the maker''s place.';
    `);
  }

  /** Those who were merged stay so: the function reads what it does not know as nothing. */
  async down(): Promise<void> {}
}
