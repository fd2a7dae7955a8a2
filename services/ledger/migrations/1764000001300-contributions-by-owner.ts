import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a maker or facility is known is asked for every entry that a person drafts. */
export class ContributionsByOwner1764000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX contribution_by_maker ON contribution (maker_id);
      CREATE INDEX contribution_by_facility ON contribution (facility_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX contribution_by_maker, contribution_by_facility');
  }
}
