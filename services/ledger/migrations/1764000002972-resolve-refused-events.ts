import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is done about an event that the books refused: posted after all, or given up by two persons. */
export class ResolveRefusedEvents1764000002972 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE refused_event_resolution (
        resolution_id    uuid PRIMARY KEY,
        event_id         uuid NOT NULL REFERENCES refused_event,
        action           text NOT NULL CHECK (action IN ('redrive', 'discard')),
        reason           text NOT NULL CHECK (reason <> ''),
        created_by       text NOT NULL,
        created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
        approved_by      text,
        approved_at      timestamptz,
        rejected_by      text,
        rejected_at      timestamptz,
        rejected_because text CHECK (rejected_because <> ''),
        withdrawn_at     timestamptz,
        CHECK (num_nulls(approved_by, approved_at) IN (0, 2)),
        CHECK (num_nulls(rejected_by, rejected_at, rejected_because) IN (0, 3)),
        CONSTRAINT decided_once CHECK (num_nonnulls(approved_at, rejected_at, withdrawn_at) <= 1),
        CONSTRAINT approved_by_another CHECK (action = 'redrive' OR person_key(approved_by) <> person_key(created_by))
      );
      CREATE UNIQUE INDEX resolution_of_refused_event ON refused_event_resolution (event_id)
        WHERE rejected_at IS NULL AND withdrawn_at IS NULL;
      COMMENT ON TABLE refused_event_resolution IS 'What people did about events that the books refused. redrive: it is posted after all, by one person; discard: it is given up, once another person approves.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_event_resolution');
  }
}
