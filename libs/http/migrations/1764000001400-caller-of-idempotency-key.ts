import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A string as structured fields write it (RFC 9651, section 3.3.3). */
const QUOTED = '^"([^"\\\\]|\\\\["\\\\])+"$';

/** A key is its sender's, and one request however it is spelled: quotation marks and a slash at the end were kept before. */
export class CallerOfIdempotencyKey1764000001400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE idempotency_key
        ADD COLUMN caller text NOT NULL DEFAULT '',
        DROP CONSTRAINT idempotency_key_pkey,
        ADD PRIMARY KEY (operation, key, caller);

      WITH spelled AS (
        DELETE FROM idempotency_key WHERE key ~ '${QUOTED}' OR operation LIKE '%/' RETURNING *
      )
      INSERT INTO idempotency_key (operation, key, body_hash, answer, created_at)
      SELECT rtrim(operation, '/'),
             CASE WHEN key ~ '${QUOTED}'
                  THEN regexp_replace(substr(key, 2, length(key) - 2), '\\\\(["\\\\])', '\\1', 'g') ELSE key END,
             body_hash, answer, created_at
        FROM spelled ORDER BY created_at
          ON CONFLICT DO NOTHING`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE idempotency_key
        DROP CONSTRAINT idempotency_key_pkey,
        DROP COLUMN caller,
        ADD PRIMARY KEY (operation, key)`);
  }
}
