import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sharing agreements can be made for a programme: sales say which one their goods come from. */
export class ProgrammeOfProduct1764000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE product ADD programme text;
      COMMENT ON COLUMN product.programme IS 'Of the workshop (pembinaan) that makes it, such as meubelair; null: none is recorded. What is sold keeps the one it had.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE product DROP programme');
  }
}
