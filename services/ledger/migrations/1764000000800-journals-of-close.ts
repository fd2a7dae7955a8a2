import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A close posts journals, and its decision says which. */
export class JournalsOfClose1764000000800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE period_decision ADD journals uuid[],
        ADD CHECK (journals IS NULL OR (action = 'close' AND approved_at IS NOT NULL));
      COMMENT ON COLUMN period_decision.journals IS 'Of an approved close: what it posted (periods/closing.service.ts).';

      CREATE OR REPLACE FUNCTION refuse_edit_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.approved_by IS NULL
           AND (to_jsonb(NEW) - '{approved_by,approved_at,journals}'::text[])
             = (to_jsonb(OLD) - '{approved_by,approved_at,journals}'::text[])
        THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'decision % is never edited: ask for another', OLD.decision_id USING ERRCODE = 'restrict_violation';
      END
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE period_decision DROP journals CASCADE');
  }
}
