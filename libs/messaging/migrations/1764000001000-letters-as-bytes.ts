import type { MigrationInterface, QueryRunner } from 'typeorm';
import { configuredKeys, Sealer } from '#libs/sealing';

const ROWS_AT_ONCE = 500;

interface OldRow {
  dead_letter_id: string;
  key: string | null;
  headers: Record<string, string>;
  value: string;
}

/**
 * Dead letters hold any bytes, sealed; a key that waits is one row; what senders of outside call by one id is remembered.
 * Letters from before keep what they hold. What they were as bytes and when they were sent is not known, so their digest
 * is that of nobody: the same message would be buried once more, rather than a new one taken for it.
 */
export class LettersAsBytes1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE dead_letter RENAME TO old_dead_letter;
      ALTER TABLE old_dead_letter RENAME CONSTRAINT dead_letter_pkey TO old_dead_letter_pkey;
      DROP INDEX dead_letter_unresolved;

      CREATE TABLE dead_letter (
        dead_letter_id uuid PRIMARY KEY,
        arrival bigint GENERATED ALWAYS AS IDENTITY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        message_offset bigint NOT NULL,
        message_time bigint NOT NULL,
        digest bytea NOT NULL,
        key_hash bytea,
        type text,
        event_id uuid,
        bytes bigint NOT NULL,
        is_whole boolean NOT NULL,
        key bytea,
        headers bytea NOT NULL,
        value bytea,
        status text NOT NULL CHECK (status IN ('poison', 'parked')),
        cause text NOT NULL,
        attempts int NOT NULL DEFAULT 1,
        buried_at timestamptz NOT NULL DEFAULT now(),
        resolved_at timestamptz,
        resolution text CHECK (resolution IN ('redriven', 'discarded')),
        resolved_by text,
        reason text,
        UNIQUE (consumer, topic, partition, message_offset, digest),
        CHECK (num_nulls(resolved_at, resolution, resolved_by, reason) IN (0, 4)),
        CHECK ((key IS NULL) = (key_hash IS NULL))
      );
      COMMENT ON COLUMN dead_letter.arrival IS 'the order in which letters of a key are redriven';
      COMMENT ON COLUMN dead_letter.message_time IS 'milliseconds since 1970, by the clock of the sender or the broker; -1: not known';
      COMMENT ON COLUMN dead_letter.digest IS 'SHA-256 of time, key, headers and value: tells another message in the same place';
      COMMENT ON COLUMN dead_letter.key IS 'sealed, as headers and value';
      CREATE INDEX dead_letter_unresolved ON dead_letter (consumer, topic, key_hash, arrival) WHERE resolved_at IS NULL;
      CREATE INDEX dead_letter_discarded ON dead_letter (consumer, event_id) WHERE resolution = 'discarded';

      CREATE TABLE blocked_key (
        consumer text NOT NULL,
        topic text NOT NULL,
        key_hash bytea NOT NULL,
        PRIMARY KEY (consumer, topic, key_hash)
      );
      COMMENT ON TABLE blocked_key IS 'keys with unresolved dead letters: their later messages wait';

      CREATE TABLE claimed_event_id (
        consumer text NOT NULL,
        claim_id uuid NOT NULL,
        event_id uuid NOT NULL,
        claimed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, claim_id)
      );
      COMMENT ON TABLE claimed_event_id IS 'what a sender of outside called by an id first';
      CREATE INDEX claimed_event_id_claimed_at ON claimed_event_id USING brin (claimed_at);

      CREATE TABLE reused_event_id (
        event_id uuid NOT NULL,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        message_offset bigint NOT NULL,
        source text NOT NULL,
        claimed_id text NOT NULL,
        type text NOT NULL,
        key text NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, event_id)
      );
      COMMENT ON TABLE reused_event_id IS 'events whose sender had used their id for another event before: judged by what they say';
    `);
    await moveLetters(runner);
    await runner.query(`
      INSERT INTO blocked_key
        SELECT DISTINCT consumer, topic, key_hash FROM dead_letter WHERE resolved_at IS NULL AND key_hash IS NOT NULL;
      DROP TABLE old_dead_letter`);
  }

  async down(): Promise<void> {
    throw new Error('what is sealed does not become text again');
  }
}

async function moveLetters(runner: QueryRunner): Promise<void> {
  for (;;) {
    const rows: OldRow[] = await runner.query(
      `SELECT dead_letter_id, key, headers, value FROM old_dead_letter
        ORDER BY buried_at, topic, partition, message_offset LIMIT ${ROWS_AT_ONCE}`,
    );
    if (rows.length === 0) return;
    const sealer = new Sealer(configuredKeys('SEALING_KEYS'), 'dead letters');
    const seal = (text: string, about: string) => sealer.seal(Buffer.from(text), about);
    const headersOf = (headers: Record<string, string>) =>
      JSON.stringify(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text).toString('base64')]));
    await runner.query(
      `WITH moved AS (DELETE FROM old_dead_letter WHERE dead_letter_id = ANY($1::uuid[]) RETURNING *)
       INSERT INTO dead_letter (dead_letter_id, consumer, topic, partition, message_offset, message_time, digest, key_hash,
              type, bytes, is_whole, key, headers, value, status, cause, attempts, buried_at, resolved_at, resolution,
              resolved_by, reason)
       SELECT dead_letter_id, consumer, topic, partition, message_offset, -1, sha256(dead_letter_id::text::bytea),
              sha256(convert_to(moved.key, 'UTF8')), moved.headers->>'ce_type',
              octet_length(coalesce(moved.key, '')) + octet_length(moved.headers::text) + octet_length(moved.value), true,
              sealed.key, sealed.headers, sealed.value, status, cause, attempts, buried_at, resolved_at, resolution,
              resolved_by, reason
         FROM moved
         JOIN unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[]) AS sealed (dead_letter_id, key, headers, value)
              USING (dead_letter_id)
        ORDER BY buried_at, topic, partition, message_offset`,
      [
        rows.map(({ dead_letter_id }) => dead_letter_id),
        rows.map(({ dead_letter_id, key }) => (key === null ? null : seal(key, `${dead_letter_id}/key`))),
        rows.map(({ dead_letter_id, headers }) => seal(headersOf(headers), `${dead_letter_id}/headers`)),
        rows.map(({ dead_letter_id, value }) => seal(value, `${dead_letter_id}/value`)),
      ],
    );
  }
}
