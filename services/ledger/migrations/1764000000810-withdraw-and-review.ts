import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who drafted withdraws; a close is checked beside the request for it; payouts are reviewed, and sent. */
export class WithdrawAndReview1764000000810 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(periods);
    await runner.query(adjustments);
    await runner.query(payouts);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE period_decision DROP progress, DROP withdrawn_at CASCADE;
      ALTER TABLE adjustment DROP withdrawn_at CASCADE;
      ALTER TABLE payout DROP reviewed_by CASCADE, DROP reviewed_at CASCADE;
    `);
  }
}

const periods = `
  DO $$
  DECLARE
    always_checked text := (SELECT conname FROM pg_constraint
                             WHERE conrelid = 'period_decision'::regclass
                               AND pg_get_constraintdef(oid) LIKE '%= (checklist IS NOT NULL)%');
  BEGIN
    EXECUTE format('ALTER TABLE period_decision DROP CONSTRAINT %I', always_checked);
  END
  $$;
  ALTER TABLE period_decision
    ADD progress json,
    ADD withdrawn_at timestamptz,
    ADD CHECK (checklist IS NULL OR action = 'close'),
    ADD CHECK (approved_at IS NULL OR action = 'reopen' OR checklist IS NOT NULL),
    ADD CHECK (num_nonnulls(approved_at, withdrawn_at) <= 1);
  COMMENT ON COLUMN period_decision.checklist IS 'What was open when the close was asked for, as its approver saw it; null: the books are still being checked.';
  COMMENT ON COLUMN period_decision.progress IS 'How many rows are checked so far.';
  COMMENT ON COLUMN period_decision.withdrawn_at IS 'By who asked for it.';

  CREATE OR REPLACE FUNCTION refuse_edit_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    decided text[] := '{approved_by,approved_at,journals,withdrawn_at,progress,checklist}';
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.approved_by IS NULL AND OLD.withdrawn_at IS NULL
       AND (to_jsonb(NEW) - decided) = (to_jsonb(OLD) - decided)
       AND (OLD.checklist IS NULL OR NEW.checklist = OLD.checklist)
    THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'decision % is never edited: ask for another', OLD.decision_id USING ERRCODE = 'restrict_violation';
  END
  $$;
`;

const adjustments = `
  ALTER TABLE adjustment
    ADD withdrawn_at timestamptz,
    ADD CHECK (num_nonnulls(approved_at, withdrawn_at) <= 1);
  COMMENT ON COLUMN adjustment.withdrawn_at IS 'By its drafter: nobody will approve it.';

  CREATE OR REPLACE FUNCTION refuse_edit_of_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    decided text[] := '{approved_by,approved_at,journals,withdrawn_at}';
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.approved_by IS NULL AND OLD.withdrawn_at IS NULL
       AND (to_jsonb(NEW) - decided) = (to_jsonb(OLD) - decided) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'adjustment % is never edited: draft another', OLD.adjustment_id
      USING ERRCODE = 'restrict_violation';
  END
  $$;
  COMMENT ON FUNCTION refuse_edit_of_adjustment IS 'The one change of a row: a draft is approved or withdrawn, as it was drafted.';
`;

const payouts = `
  DO $$
  DECLARE
    outdated record;
  BEGIN
    FOR outdated IN SELECT conrelid::regclass AS "table", conname FROM pg_constraint
                     WHERE conrelid IN ('payout'::regclass, 'payout_item'::regclass) AND contype = 'c'
                       AND pg_get_constraintdef(oid) LIKE '%status%'
    LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', outdated."table", outdated.conname);
    END LOOP;
  END
  $$;
  ALTER TABLE payout
    ADD reviewed_by text,
    ADD reviewed_at timestamptz,
    ADD CONSTRAINT payout_status CHECK (status IN ('proposed', 'reviewed', 'approved', 'rejected', 'withdrawn')),
    ADD CONSTRAINT approved_by_another CHECK (status <> 'approved' OR decided_by <> created_by),
    ADD CHECK ((decided_by IS NULL) = (status IN ('proposed', 'reviewed'))),
    ADD CHECK (num_nulls(decided_by, decided_at) IN (0, 2)),
    ADD CHECK (num_nulls(reviewed_by, reviewed_at) IN (0, 2)),
    ADD CHECK ((status = 'rejected') = (reason IS NOT NULL));
  UPDATE payout SET reviewed_by = created_by, reviewed_at = created_at WHERE status = 'approved';
  ALTER TABLE payout
    ADD CHECK (status NOT IN ('reviewed', 'approved') OR reviewed_by IS NOT NULL),
    ADD CONSTRAINT approved_by_neither CHECK (status <> 'approved' OR decided_by <> reviewed_by);
  COMMENT ON TABLE payout IS 'A batch of payments from a bank account of a facility: proposed, reviewed, and approved by somebody who did neither.';
  ALTER TABLE payout_item
    ADD CONSTRAINT payout_item_status
      CHECK (status IN ('proposed', 'reserved', 'sent', 'paid', 'failed', 'rejected', 'withdrawn')),
    ADD CHECK ((status = 'failed') = (reason IS NOT NULL)),
    ADD CHECK (status <> 'paid' OR journal_id IS NOT NULL);
  COMMENT ON COLUMN payout_item.status IS 'reserved, sent: nobody else may use this part of the account''s balance until it is paid or failed';
  DROP INDEX payout_item_reserved;
  CREATE INDEX payout_item_reserved ON payout_item (account) WHERE status IN ('reserved', 'sent');
`;
