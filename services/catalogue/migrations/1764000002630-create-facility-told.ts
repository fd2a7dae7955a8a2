import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What others have been told of each facility. */
export class CreateFacilityTold1764000002630 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE facility_told (
        facility_id text COLLATE "C" PRIMARY KEY REFERENCES facility,
        region text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE facility_told');
  }
}
