import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outcomes on their way to marketplaces that want them by webhook. */
export class CreateOutgoingWebhook1764000002932 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outgoing_webhook (
        order_id    text COLLATE "C" NOT NULL,
        number      int NOT NULL,
        channel     text COLLATE "C" NOT NULL GENERATED ALWAYS AS (split_part(order_id, '/', 1)) STORED,
        state       text COLLATE "C" NOT NULL CHECK (state IN ('due', 'behind', 'taken', 'given-up')),
        due_at      timestamptz NOT NULL,
        attempts    int NOT NULL DEFAULT 0,
        since       timestamptz,
        last_error  text,
        ended_at    timestamptz,
        PRIMARY KEY (order_id, number),
        FOREIGN KEY (order_id, number) REFERENCES outcome
      );
      COMMENT ON COLUMN outgoing_webhook.state IS 'behind: until the one before it of its order is taken; given-up: until somebody sends it again';
      COMMENT ON COLUMN outgoing_webhook.due_at IS 'Of a due one: not before. Whoever sends it puts it off meanwhile, so no other does.';
      COMMENT ON COLUMN outgoing_webhook.since IS 'Of the first attempt, or the first since it was sent again by hand.';
      CREATE INDEX outgoing_webhook_due ON outgoing_webhook (channel, due_at) WHERE state = 'due';
      CREATE INDEX outgoing_webhook_given_up ON outgoing_webhook (channel, order_id) WHERE state = 'given-up';
      CREATE INDEX outgoing_webhook_ended_at ON outgoing_webhook USING brin (ended_at);

      ALTER TABLE channel ADD webhooks_until bigint NOT NULL DEFAULT 0;
      COMMENT ON COLUMN channel.webhooks_until IS 'Position of the last outcome that is among outgoing webhooks, or was not for one.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outgoing_webhook; ALTER TABLE channel DROP webhooks_until');
  }
}
