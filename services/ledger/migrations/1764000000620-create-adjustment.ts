import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people post by hand: drafted by one, approved by another. */
export class CreateAdjustment1764000000620 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE adjustment (
        adjustment_id uuid PRIMARY KEY,
        type          text NOT NULL CHECK (type IN ('adjustment', 'opening', 'write-off', 'contributions')),
        facility_id   text NOT NULL,
        occurred_at   timestamptz NOT NULL,
        reason        text NOT NULL CHECK (reason <> ''),
        content       jsonb NOT NULL,
        created_by    text NOT NULL,
        created_at    timestamptz NOT NULL DEFAULT now(),
        approved_by   text,
        approved_at   timestamptz,
        journals      int,
        CONSTRAINT approved_by_another CHECK (approved_by <> created_by),
        CHECK (num_nulls(approved_by, approved_at, journals) IN (0, 3))
      );
      CREATE INDEX adjustment_to_approve ON adjustment (adjustment_id) WHERE approved_by IS NULL;

      COMMENT ON TABLE adjustment IS 'Journals that people draft (adjustments/adjustment.ts). Nothing is posted before another person approves.';
      COMMENT ON COLUMN adjustment.content IS 'Entries; of type contributions a lot with its contributions.';
      COMMENT ON COLUMN adjustment.journals IS 'How many its approval posted: of contributions one a sale line.';

      CREATE FUNCTION refuse_edit_of_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.approved_by IS NULL
           AND (to_jsonb(NEW) - '{approved_by,approved_at,journals}'::text[])
             = (to_jsonb(OLD) - '{approved_by,approved_at,journals}'::text[]) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'adjustment % is never edited: draft another', OLD.adjustment_id
          USING ERRCODE = 'restrict_violation';
      END
      $$;
      COMMENT ON FUNCTION refuse_edit_of_adjustment IS 'The one change of a row: a draft is approved, as it was drafted.';
      CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON adjustment
        FOR EACH ROW EXECUTE FUNCTION refuse_edit_of_adjustment();
      CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON adjustment
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE adjustment; DROP FUNCTION refuse_edit_of_adjustment');
  }
}
