import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who sent what was rejected: the channel of the order, until channels had topics of their own. */
export class SenderOfRejections1764000002400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rejected_checkout ADD channel text COLLATE "C",
        DROP CONSTRAINT rejected_checkout_reason_check,
        ADD CHECK (reason IN ('invalid', 'conflict', 'wrong-channel'));
      UPDATE rejected_checkout SET channel = split_part(order_id, '/', 1);
      ALTER TABLE rejected_checkout ALTER channel SET NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM rejected_checkout WHERE reason = 'wrong-channel';
      ALTER TABLE rejected_checkout DROP channel,
        DROP CONSTRAINT rejected_checkout_reason_check, ADD CHECK (reason IN ('invalid', 'conflict'));
    `);
  }
}
