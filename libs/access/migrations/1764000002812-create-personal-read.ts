import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As the catalogue has it: who was shown what of whom, a chain of hashes that nobody changes. */
export class CreatePersonalRead1764000002812 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
      COMMENT ON TABLE personal_read IS 'Who was shown what of which makers, or of a message that failed: a chain of hashes, each committed before its answer. After five years what was read is emptied, and the link stays.';

      CREATE FUNCTION keep_read() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.at < now() - interval '1826 days' AND NEW.person IS NULL
           AND (NEW.number, NEW.at, NEW.content_hash, NEW.hash) = (OLD.number, OLD.at, OLD.content_hash, OLD.hash) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the table % keeps who read what for five years', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
      END
      $$;
      CREATE TRIGGER keep_read BEFORE UPDATE ON personal_read FOR EACH ROW EXECUTE FUNCTION keep_read();
      CREATE TRIGGER keep_reads BEFORE DELETE OR TRUNCATE ON personal_read EXECUTE FUNCTION keep_read();

      DO $$ BEGIN
        EXECUTE 'REVOKE DELETE ON personal_read FROM ' || quote_ident(current_database() || '_service');
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE personal_read; DROP FUNCTION keep_read');
  }
}
