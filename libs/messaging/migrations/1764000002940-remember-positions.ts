import type { MigrationInterface, QueryRunner } from 'typeorm';

/** So that a database that was put back knows it, and says the same things again under the same ids. */
export class RememberPositions1764000002940 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE consumed_position (
        consumer    text NOT NULL,
        topic       text NOT NULL,
        partition   int NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (consumer, topic, partition)
      ) WITH (fillfactor = 50);
      COMMENT ON TABLE consumed_position IS 'Up to where this database holds the effects of each partition: the broker may never think that it is further.';

      CREATE TABLE event_namespace (
        namespace uuid NOT NULL,
        is_only   boolean PRIMARY KEY DEFAULT true CHECK (is_only)
      );
      INSERT INTO event_namespace VALUES (gen_random_uuid());
      COMMENT ON TABLE event_namespace IS 'A secret of which the ids of events are made that other events cause. Never changed, told nobody.';
      DO $$ BEGIN
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON event_namespace FROM %I', current_database() || '_service');
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE consumed_position, event_namespace');
  }
}
