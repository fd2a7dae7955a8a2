import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToVerify } from '../../../libs/database/row-security.ts';

/** What people did about events that the books refused is recorded as what they decide is, and told with it. */
export class RecordResolutions1764000002993 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON refused_event_resolution
        FOR EACH ROW EXECUTE FUNCTION record_change('resolution_id');
      SELECT record_row('refused_event_resolution', resolution_id::text, to_jsonb(refused_event_resolution))
        FROM refused_event_resolution;
    `);
    await openToVerify(runner, ['refused_event_resolution']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER record_change ON refused_event_resolution');
  }
}
