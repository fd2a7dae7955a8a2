import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped, withoutRowSecurity } from '../../../libs/database/row-security.ts';

/** Who was shown whose name, who consented, whose name was erased; and how a registration number is found. */
export class PersonalData1764000002710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE maker_person ADD registration_index bytea;
      CREATE INDEX maker_person_registration ON maker_person (registration_index);
      COMMENT ON COLUMN maker_person.registration_index IS 'HMAC of the registration number; null: sealed before there was one.';

      CREATE TABLE personal_read (
        number bigint PRIMARY KEY,
        at timestamptz NOT NULL,
        person text,
        client text,
        route text,
        purpose text,
        maker_ids text[],
        content_hash bytea NOT NULL,
        hash bytea NOT NULL,
        CHECK (num_nulls(person, client, route, purpose, maker_ids) IN (0, 5))
      );
      CREATE INDEX personal_read_by_maker ON personal_read USING gin (maker_ids);
      CREATE INDEX personal_read_by_time ON personal_read (at);
      COMMENT ON TABLE personal_read IS 'Who was shown who some makers are: a chain of hashes, each committed before its answer. After five years what was read is emptied, and the link stays.';

      CREATE TABLE consent (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        maker_id text COLLATE "C" NOT NULL REFERENCES maker,
        given boolean NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        by text NOT NULL,
        evidence bytea
      );
      CREATE INDEX consent_by_maker ON consent (maker_id, number);
      COMMENT ON TABLE consent IS 'That a maker may be named in public, or no longer; the last counts. evidence: sealed under the maker’s key.';

      CREATE TABLE erasure (
        maker_id text COLLATE "C" PRIMARY KEY REFERENCES maker,
        reason text NOT NULL,
        asked_by text NOT NULL,
        asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        approved_by text,
        erased_at timestamptz,
        CHECK ((approved_by IS NULL) = (erased_at IS NULL)),
        CHECK (approved_by <> asked_by)
      );

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the table % keeps what was said', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
      END
      $$;
      CREATE FUNCTION keep_read() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.at < now() - interval '1826 days' AND NEW.person IS NULL
           AND (NEW.number, NEW.at, NEW.content_hash, NEW.hash) = (OLD.number, OLD.at, OLD.content_hash, OLD.hash) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the table % keeps who read what for five years', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
      END
      $$;
      CREATE TRIGGER keep_read BEFORE UPDATE ON personal_read FOR EACH ROW EXECUTE FUNCTION keep_read();
      CREATE TRIGGER refuse_change BEFORE DELETE OR TRUNCATE ON personal_read EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON consent EXECUTE FUNCTION refuse_change();

      DO $$ BEGIN
        EXECUTE 'REVOKE DELETE ON personal_read FROM ' || quote_ident(current_database() || '_service');
        EXECUTE 'REVOKE UPDATE, DELETE ON consent FROM ' || quote_ident(current_database() || '_service');
      END $$;
    `);
    await withoutRowSecurity(runner, ['maker_person'], () =>
      runner.query(`
        INSERT INTO consent (maker_id, given, by)
        SELECT maker_id, true, 'import' FROM maker_person WHERE consent ORDER BY maker_id`),
    );
    await runner.query('ALTER TABLE maker_person DROP consent');
    await openToScoped(runner, { maker_person: 'UPDATE (registration_index)' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE maker_person ADD consent boolean NOT NULL DEFAULT false, DROP registration_index;
      UPDATE maker_person SET consent = coalesce((SELECT given FROM consent
        WHERE consent.maker_id = maker_person.maker_id ORDER BY number DESC LIMIT 1), false);
      DROP TABLE personal_read, consent, erasure; DROP FUNCTION keep_read; DROP FUNCTION refuse_change`);
  }
}
