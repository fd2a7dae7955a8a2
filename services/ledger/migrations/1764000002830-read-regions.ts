import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped } from '../../../libs/database/row-security.ts';

/** Which region a facility is in is no secret: lists are asked for by region. */
export class ReadRegions1764000002830 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await openToScoped(runner, { facility: 'SELECT' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DO $$ BEGIN EXECUTE format('REVOKE SELECT ON facility FROM %I', current_database() || '_scoped'); END $$`,
    );
  }
}
