import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which region a facility is in, as the catalogue tells it. */
export class CreateFacility1764000002610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE facility (
        facility_id text COLLATE "C" PRIMARY KEY,
        region text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE facility');
  }
}
