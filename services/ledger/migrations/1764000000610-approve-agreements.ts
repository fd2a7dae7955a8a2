import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agreements are drafted by one person, approved by another, and never edited. */
export class ApproveAgreements1764000000610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE agreement
        ADD created_by  text,
        ADD created_at  timestamptz NOT NULL DEFAULT now(),
        ADD approved_by text,
        ADD approved_at timestamptz;
      UPDATE agreement SET created_by = 'release', approved_by = 'installation', approved_at = now();
      ALTER TABLE agreement
        ALTER created_by SET NOT NULL,
        ADD CONSTRAINT approved_by_another CHECK (approved_by <> created_by),
        ADD CHECK (CASE status WHEN 'draft' THEN num_nulls(approved_by, approved_at) = 2
                               ELSE num_nulls(approved_by, approved_at) = 0 END);

      COMMENT ON COLUMN agreement.effective_until IS 'Its own end. A later approved version ends it as well, from its own effective_from on (agreements/in-force.ts): nothing is written for that.';
      COMMENT ON COLUMN agreement.created_by IS 'Person id. ID-1990 v1 came with the release.';
      COMMENT ON COLUMN agreement.approved_by IS 'Person id, never the creator''s. ID-1990 v1 is accepted by installing it.';

      CREATE FUNCTION refuse_edit_of_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.status = 'draft' AND NEW.status = 'approved'
           AND (to_jsonb(NEW) - '{status,approved_by,approved_at}'::text[])
             = (to_jsonb(OLD) - '{status,approved_by,approved_at}'::text[]) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'agreement % v% is never edited: draft a later version', OLD.agreement_id, OLD.version
          USING ERRCODE = 'restrict_violation';
      END
      $$;
      COMMENT ON FUNCTION refuse_edit_of_agreement IS 'The one change of a row: a draft is approved, as it was drafted.';
      CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON agreement
        FOR EACH ROW EXECUTE FUNCTION refuse_edit_of_agreement();
      CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON agreement
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE INDEX journal_by_occurrence ON journal USING brin (occurred_at) WITH (autosummarize = on);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX journal_by_occurrence;
      DROP TRIGGER refuse_edit ON agreement;
      DROP TRIGGER refuse_truncate ON agreement;
      DROP FUNCTION refuse_edit_of_agreement;
      ALTER TABLE agreement DROP created_by CASCADE, DROP created_at, DROP approved_by CASCADE, DROP approved_at CASCADE;
    `);
  }
}
