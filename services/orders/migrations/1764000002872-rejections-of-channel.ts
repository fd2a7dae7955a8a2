import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A marketplace's own are found by index, however many others have. */
export class RejectionsOfChannel1764000002872 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX rejected_checkout_by_channel ON rejected_checkout (channel, rejection_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX rejected_checkout_by_channel');
  }
}
