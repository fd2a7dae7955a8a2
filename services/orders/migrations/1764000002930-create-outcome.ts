import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What marketplaces are told of their orders. */
export class CreateOutcome1764000002930 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outcome (
        order_id   text COLLATE "C" NOT NULL,
        number     int NOT NULL CHECK (number >= 1),
        channel    text COLLATE "C" NOT NULL GENERATED ALWAYS AS (split_part(order_id, '/', 1)) STORED,
        outcome_id uuid NOT NULL,
        told_at    timestamptz NOT NULL,
        told       json NOT NULL,
        seq        bigint GENERATED ALWAYS AS IDENTITY,
        position   bigint CHECK (position >= 1),
        PRIMARY KEY (order_id, number)
      );
      COMMENT ON TABLE outcome IS 'What the marketplace of an order was told of it, numbered in the order. Kept as long as the order.';
      COMMENT ON COLUMN outcome.seq IS 'In the order of writing; of one order also in that of its commits.';
      COMMENT ON COLUMN outcome.position IS 'In the channel, given when somebody reads: so none appears before one that was read.';
      CREATE UNIQUE INDEX outcome_position ON outcome (channel, position) WHERE position IS NOT NULL;
      CREATE INDEX outcome_without_position ON outcome (channel, seq) WHERE position IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outcome');
  }
}
