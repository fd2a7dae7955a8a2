import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A simulation is started and watched from wherever people are, as a verification is; of both is kept who started it. */
export class CreateSimulation1764000002873 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE simulation (
        simulation_id uuid PRIMARY KEY,
        agreement_id  text NOT NULL,
        version       integer NOT NULL,
        asked         json NOT NULL,
        started_by    text NOT NULL,
        started_at    timestamptz NOT NULL DEFAULT now(),
        progress      json NOT NULL,
        ended_at      timestamptz,
        outcome       text CHECK (outcome IN ('done', 'failed', 'interrupted')),
        result        json,
        CHECK (num_nulls(ended_at, outcome) IN (0, 2)),
        CHECK ((outcome = 'done') = (result IS NOT NULL))
      );
      CREATE INDEX simulation_running ON simulation (simulation_id) WHERE outcome IS NULL;
      COMMENT ON TABLE simulation IS 'What versions of agreements would have made of past sales, as people asked.';
      COMMENT ON COLUMN simulation.outcome IS 'Null: it runs, as long as somebody holds the lock of simulations; else its process was lost.';

      ALTER TABLE verification ADD started_by text;
      COMMENT ON COLUMN verification.started_by IS 'Person id; null: of one from before that was kept.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE simulation; ALTER TABLE verification DROP started_by');
  }
}
