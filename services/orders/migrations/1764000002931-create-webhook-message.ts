import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What marketplaces sent by webhook, as it came, and what became of it. */
export class CreateWebhookMessage1764000002931 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook_message (
        message_id  uuid PRIMARY KEY,
        channel     text COLLATE "C" NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        sealed      bytea NOT NULL,
        event_id    uuid,
        outcome     text,
        answer      json
      );
      COMMENT ON TABLE webhook_message IS 'What a marketplace signed and sent, stored before it is judged.';
      COMMENT ON COLUMN webhook_message.sealed IS 'Headers and body, under SEALING_KEYS: they may hold anything, such as the name of a buyer.';
      COMMENT ON COLUMN webhook_message.outcome IS 'Null: it was never judged; its sender was answered an error and sends it again.';
      CREATE INDEX webhook_message_event ON webhook_message (event_id) WHERE event_id IS NOT NULL;
      CREATE INDEX webhook_message_by_channel ON webhook_message (channel, message_id);
      CREATE INDEX webhook_message_received_at ON webhook_message USING brin (received_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_message');
  }
}
