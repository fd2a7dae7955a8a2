import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The lots that a facility made last are found by index. */
export class LotsByDay1764000002950 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX lot_by_day ON lot (facility_id, made_on, lot_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX lot_by_day');
  }
}
