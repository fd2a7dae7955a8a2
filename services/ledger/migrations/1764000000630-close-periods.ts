import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RULES_LOCK } from '../books/calendar/rules-lock.repository.ts';

/** Months are closed and reopened by two persons; a closed one takes no entry. */
export class ClosePeriods1764000000630 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE period_decision (
        decision_id  uuid PRIMARY KEY,
        month        text NOT NULL CHECK (month ~ '^\\d{4}-(0[1-9]|1[0-2])$'),
        action       text NOT NULL CHECK (action IN ('close', 'reopen')),
        reason       text NOT NULL CHECK (reason <> ''),
        checklist    jsonb,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT now(),
        approved_by  text,
        approved_at  timestamptz,
        CONSTRAINT approved_by_another CHECK (approved_by <> requested_by),
        CHECK (num_nulls(approved_by, approved_at) IN (0, 2)),
        CHECK ((action = 'close') = (checklist IS NOT NULL))
      );
      COMMENT ON TABLE period_decision IS 'Every close and reopening of a month, asked for by one person and approved by another. Never changed after that.';
      COMMENT ON COLUMN period_decision.month IS 'Calendar month of posting dates, in Asia/Jakarta. Closing one closes all before it.';
      COMMENT ON COLUMN period_decision.checklist IS 'What was open when the close was asked for, as its approver saw it.';

      CREATE FUNCTION first_open_day() RETURNS date STABLE LANGUAGE sql AS $$
        SELECT (max(month || '-01')::date + interval '1 month')::date
          FROM (SELECT DISTINCT ON (month) month, action
                  FROM period_decision
                 WHERE approved_at IS NOT NULL
                 ORDER BY month, approved_at DESC) AS last_decision
         WHERE action = 'close'
      $$;
      COMMENT ON FUNCTION first_open_day IS 'All months before it are closed; null: none is.';

      CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        open_from date;
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${RULES_LOCK}); -- nobody closes a month before we commit
        open_from := first_open_day();
        IF EXISTS (SELECT FROM written_journals WHERE posted_on < open_from) THEN
          RAISE EXCEPTION 'the books are closed before %', open_from USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER refuse_closed_month AFTER INSERT ON journal REFERENCING NEW TABLE AS written_journals
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_month();

      CREATE FUNCTION refuse_edit_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.approved_by IS NULL
           AND (to_jsonb(NEW) - '{approved_by,approved_at}'::text[]) = (to_jsonb(OLD) - '{approved_by,approved_at}'::text[])
        THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'decision % is never edited: ask for another', OLD.decision_id USING ERRCODE = 'restrict_violation';
      END
      $$;
      CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON period_decision
        FOR EACH ROW EXECUTE FUNCTION refuse_edit_of_decision();
      CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON period_decision
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER refuse_closed_month ON journal;
      DROP FUNCTION refuse_closed_month;
      DROP TABLE period_decision;
      DROP FUNCTION first_open_day;
      DROP FUNCTION refuse_edit_of_decision;
    `);
  }
}
