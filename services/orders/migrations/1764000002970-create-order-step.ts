import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What changed each order, one message after the other. */
export class CreateOrderStep1764000002970 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE order_step (
        order_id       text COLLATE "C" NOT NULL,
        number         int NOT NULL CHECK (number >= 1),
        at             timestamptz NOT NULL DEFAULT clock_timestamp(),
        message        text NOT NULL,
        message_id     uuid,
        correlation_id uuid NOT NULL,
        channel        text,
        person         text,
        changes        json NOT NULL,
        PRIMARY KEY (order_id, number)
      );
      COMMENT ON TABLE order_step IS 'Each message that changed an order, numbered in the order, and what it changed. Kept as long as the order.';
      COMMENT ON COLUMN order_step.message_id IS 'the event that was the message; null: a request, or a deadline';
      COMMENT ON COLUMN order_step.channel IS 'which channel sent it; null: none';
      COMMENT ON COLUMN order_step.person IS 'who asked for it; null: nobody';
      -- A default that is the same for all rows is not written into those that are there.
      ALTER TABLE order_process ADD COLUMN steps_since timestamptz DEFAULT now();
      ALTER TABLE order_process ALTER COLUMN steps_since DROP DEFAULT;
      COMMENT ON COLUMN order_process.steps_since IS 'from when on its steps are kept; null: from its beginning';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_step; ALTER TABLE order_process DROP COLUMN steps_since');
  }
}
