import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToVerify, secureRows, withoutRowSecurity } from '../../../libs/database/row-security.ts';

/** Totals are added up as the feed of the books is told, so that each journal is read once: its place is theirs. */
export class TotalsGoWithFeed1764000002960 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await withoutRowSecurity(runner, ['account', 'entry', 'journal', 'sales_total'], async () => {
      await runner.query(`
        DELETE FROM sales_total;
        INSERT INTO sales_total SELECT sums.* FROM feed_position CROSS JOIN LATERAL
               sales_of_journals(ARRAY[facility_id], ARRAY[0]::bigint[], ARRAY[number]) AS sums;
        DROP TABLE sales_total_position;
        COMMENT ON TABLE sales_total IS 'What sales, refunds and contributions recorded later have moved, of each facility and day by channel, by goods and by maker. Written behind posting (reports/feed), up to feed_position.'`);
    });
    await secureRows(runner, { feed_position: { grant: 'SELECT' } });
    await openToVerify(runner, ['feed_position']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP POLICY everything ON feed_position; DROP POLICY scope ON feed_position; DROP POLICY verify ON feed_position;
      ALTER TABLE feed_position DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
      CREATE TABLE sales_total_position (LIKE feed_position INCLUDING ALL);
      ALTER TABLE sales_total_position DROP told_at;
      INSERT INTO sales_total_position SELECT facility_id, number FROM feed_position`);
    await secureRows(runner, { sales_total_position: { grant: 'SELECT' } });
    await openToVerify(runner, ['sales_total_position']);
  }
}
