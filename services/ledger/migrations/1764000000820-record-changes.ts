import type { MigrationInterface, QueryRunner } from 'typeorm';

const LOCK = 7_301_998_402;

/** Tables of what people and events decided, with their keys: no journal says it all again. */
const RECORDED: Readonly<Record<string, readonly string[]>> = {
  adjustment: ['adjustment_id'],
  agreement: ['agreement_id', 'version'],
  deposit: ['deposit_id'],
  payout: ['payout_id'],
  payout_item: ['item_id'],
  period_decision: ['decision_id'],
  refused_event: ['event_id'],
  seal: ['sealed_on'],
};

/** Who proposed, drafted, approved: every change of such a row is recorded, so one that is made behind its back shows. */
export class RecordChanges1764000000820 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(record);
    await runner.query(guards);
    for (const [table, key] of Object.entries(RECORDED)) {
      await runner.query(`
        CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON ${table}
          FOR EACH ROW EXECUTE FUNCTION record_change(${key.map((column) => `'${column}'`)});
        SELECT record_row('${table}', concat_ws(' ', ${key}), to_jsonb(${table})) FROM ${table};
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(RECORDED)) await runner.query(`DROP TRIGGER record_change ON ${table}`);
    for (const table of ['payout', 'payout_item', 'deposit', 'refused_event']) {
      await runner.query(`DROP TRIGGER refuse_edit ON ${table}; DROP TRIGGER refuse_truncate ON ${table}`);
    }
    await runner.query(`
      DROP FUNCTION refuse_edit; DROP FUNCTION record_change; DROP FUNCTION record_row; DROP TABLE row_change;
    `);
  }
}

const record = `
  CREATE TABLE row_change (
    number     bigint PRIMARY KEY,
    "table"    text NOT NULL,
    key        text NOT NULL,
    row_hash   bytea,
    changed_at timestamptz NOT NULL,
    hash       bytea NOT NULL
  );
  CREATE INDEX row_change_by_row ON row_change ("table", key, number);
  COMMENT ON TABLE row_change IS 'Every change of a row that no journal says again: a chain of hashes, as the journals are (audit/row-changes.repository.ts).';
  COMMENT ON COLUMN row_change.number IS 'n-th change, without gaps.';
  COMMENT ON COLUMN row_change.row_hash IS 'SHA-256 of the row as jsonb, columns without a value left out; null: it was deleted.';
  COMMENT ON COLUMN row_change.hash IS 'SHA-256 of the change, after that of the change before it.';
  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON row_change EXECUTE FUNCTION refuse_change();
  DO $$ BEGIN
    EXECUTE 'REVOKE UPDATE, DELETE ON row_change FROM ' || quote_ident(current_database() || '_service');
  END $$;

  CREATE FUNCTION record_row(changed_table text, changed_key text, changed jsonb) RETURNS void
  LANGUAGE plpgsql SET timezone = 'UTC' AS $$
  DECLARE
    last record;
    digest bytea := sha256(convert_to(jsonb_strip_nulls(changed)::text, 'UTF8'));
    instant timestamptz := clock_timestamp();
  BEGIN
    PERFORM pg_advisory_xact_lock(${LOCK}); -- one chain: who changes such a row waits for the others to commit
    SELECT number, hash INTO last FROM row_change ORDER BY number DESC LIMIT 1;
    INSERT INTO row_change (number, "table", key, row_hash, changed_at, hash)
    VALUES (coalesce(last.number, 0) + 1, changed_table, changed_key, digest, instant,
            sha256(coalesce(last.hash, '') || convert_to(json_build_array(coalesce(last.number, 0) + 1, changed_table,
                   changed_key, encode(digest, 'hex'), instant)::text, 'UTF8')));
  END
  $$;

  CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
  DECLARE
    kept jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  BEGIN
    PERFORM record_row(TG_TABLE_NAME, (SELECT string_agg(kept ->> name, ' ' ORDER BY place)
                                         FROM unnest(TG_ARGV) WITH ORDINALITY AS columns (name, place)),
                       CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE kept END);
    RETURN NULL;
  END
  $$;
`;

const guards = `
  CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
  BEGIN
    IF TG_OP = 'DELETE' OR (before - TG_ARGV) <> (after - TG_ARGV)
       OR EXISTS (SELECT FROM unnest(TG_ARGV) AS name
                   WHERE name <> 'status' AND before ->> name IS NOT NULL
                     AND before -> name IS DISTINCT FROM after -> name) THEN
      RAISE EXCEPTION 'the table % keeps what was said: only % may be filled in', TG_TABLE_NAME, TG_ARGV
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END
  $$;
  COMMENT ON FUNCTION refuse_edit IS 'Its arguments are columns that may be filled in, once; the status changes.';
  CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON payout FOR EACH ROW
    EXECUTE FUNCTION refuse_edit('status', 'reason', 'reviewed_by', 'reviewed_at', 'decided_by', 'decided_at');
  CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON payout_item FOR EACH ROW
    EXECUTE FUNCTION refuse_edit('status', 'reason', 'journal_id');
  CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON deposit FOR EACH ROW
    EXECUTE FUNCTION refuse_edit('ntpn', 'deposited_at', 'confirmed_by', 'journal_id');
  CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON refused_event FOR EACH ROW EXECUTE FUNCTION refuse_edit();
  CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON payout EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON payout_item EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON deposit EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON refused_event EXECUTE FUNCTION refuse_change();
`;
