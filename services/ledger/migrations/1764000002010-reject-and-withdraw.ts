import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By table: its drafter's column, what a decision may set, when its row is a draft, and what its error says. */
const TABLES = [
  {
    table: 'adjustment',
    guard: 'refuse_edit_of_adjustment',
    decided: 'approved_by,approved_at,journals',
    says: `'adjustment % is never edited: draft another', OLD.adjustment_id`,
  },
  {
    table: 'maker_event',
    guard: 'refuse_edit_of_maker_event',
    decided: 'number,effective_on,approved_by,approved_at',
    says: `'maker event % is never edited: draft another', OLD.event_id`,
  },
  {
    table: 'period_decision',
    guard: 'refuse_edit_of_decision',
    decided: 'approved_by,approved_at,journals,progress,checklist',
    and: 'AND (OLD.checklist IS NULL OR NEW.checklist = OLD.checklist)',
    says: `'decision % is never edited: ask for another', OLD.decision_id`,
  },
  {
    table: 'agreement',
    guard: 'refuse_edit_of_agreement',
    decided: 'status,approved_by,approved_at',
    says: `'agreement % v% is never edited: draft a later version', OLD.agreement_id, OLD.version`,
  },
] as const;

/** Whatever is drafted can be rejected by another and withdrawn by its drafter. */
export class RejectAndWithdraw1764000002010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE agreement ADD withdrawn_at timestamptz`);
    for (const { table, ...guard } of TABLES) {
      await runner.query(`
        ALTER TABLE ${table}
          ADD rejected_by      text,
          ADD rejected_at      timestamptz,
          ADD rejected_because text CHECK (rejected_because <> ''),
          ADD CHECK (num_nulls(rejected_by, rejected_at, rejected_because) IN (0, 3)),
          ADD CONSTRAINT decided_once CHECK (num_nonnulls(approved_at, rejected_at, withdrawn_at) <= 1);
        COMMENT ON COLUMN ${table}.withdrawn_at IS 'By its drafter: nobody will approve it.';
        COMMENT ON COLUMN ${table}.rejected_by IS 'Person id: nobody will approve it.';
        ${guardOf(guard, true)}
        COMMENT ON FUNCTION ${guard.guard} IS 'The one change of a row: a draft is approved, rejected or withdrawn, as it was drafted.';
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table, ...guard } of TABLES) {
      await runner.query(`
        ALTER TABLE ${table} DROP CONSTRAINT decided_once, DROP rejected_by CASCADE, DROP rejected_at CASCADE,
          DROP rejected_because CASCADE;
        ${guardOf(guard, false)}
      `);
    }
    await runner.query('ALTER TABLE agreement DROP withdrawn_at');
  }
}

function guardOf(
  { guard, decided, says, ...more }: { guard: string; decided: string; says: string; and?: string },
  hasRejection: boolean,
): string {
  const refusals = hasRejection
    ? ',withdrawn_at,rejected_by,rejected_at,rejected_because'
    : guard === 'refuse_edit_of_agreement'
      ? ''
      : ',withdrawn_at';
  const undecided = `approved_at${refusals.includes('withdrawn') ? ', OLD.withdrawn_at' : ''}${hasRejection ? ', OLD.rejected_at' : ''}`;
  return `
    CREATE OR REPLACE FUNCTION ${guard}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      decided text[] := '{${decided}${refusals}}';
    BEGIN
      IF TG_OP = 'UPDATE' AND num_nonnulls(OLD.${undecided}) = 0
         AND (to_jsonb(NEW) - decided) = (to_jsonb(OLD) - decided) ${more.and ?? ''} THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION ${says} USING ERRCODE = 'restrict_violation';
    END
    $$;`;
}
