import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is signed in. */
export class CreateSession1764000002850 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE session (
        id_hash bytea PRIMARY KEY,
        person text COLLATE "C" NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        seen_at timestamptz NOT NULL DEFAULT now(),
        sealed_tokens bytea NOT NULL
      );
      CREATE INDEX session_by_person ON session (person);
      COMMENT ON COLUMN session.id_hash IS 'SHA-256 of what the cookie holds: who reads this table cannot come as anybody';
      COMMENT ON COLUMN session.sealed_tokens IS 'refresh token and access tokens by audience, under SEALING_KEYS'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE session');
  }
}
