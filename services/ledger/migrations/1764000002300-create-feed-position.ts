import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the feed of the books has come. At first nothing is told: what was posted before it is told like all else. */
export class CreateFeedPosition1764000002300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE feed_position (
        facility_id text COLLATE "C" PRIMARY KEY,
        number      bigint NOT NULL DEFAULT 0,
        told_at     timestamptz NOT NULL DEFAULT '-infinity'
      ) WITH (fillfactor = 50);
      COMMENT ON TABLE feed_position IS 'Up to which journal of each chain the feed of the books has told (reports/feed). Who tells of a facility holds its row.';

      CREATE TABLE decision_feed_position (
        one    boolean PRIMARY KEY DEFAULT true CHECK (one),
        number bigint NOT NULL
      );
      COMMENT ON TABLE decision_feed_position IS 'Up to which row_change the feed of the books has told of decisions.';
      INSERT INTO decision_feed_position (number) VALUES (0);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE feed_position, decision_feed_position');
  }
}
