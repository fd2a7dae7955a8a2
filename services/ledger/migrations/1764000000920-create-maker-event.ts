import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happens to makers: drafted by one person, approved by another, and each a journal in a facility's chain. */
export class CreateMakerEvent1764000000920 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
      ALTER TABLE journal ADD CONSTRAINT journal_kind_check
        CHECK (kind IN ('sale', 'release', 'settlement', 'refund', 'payout', 'payout-failed', 'deposit', 'adjustment',
                        'opening', 'custody'));

      CREATE TABLE maker_event (
        event_id     uuid PRIMARY KEY,
        maker_id     text COLLATE "C" NOT NULL,
        type         text NOT NULL CHECK (type IN ('transfer', 'release', 'freeze', 'unfreeze', 'merge')),
        facility_id  text COLLATE "C" NOT NULL,
        occurred_at  timestamptz NOT NULL,
        reason       text NOT NULL CHECK (reason <> ''),
        content      jsonb NOT NULL,
        created_by   text NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        number       bigint UNIQUE,
        effective_on date,
        approved_by  text,
        approved_at  timestamptz,
        withdrawn_at timestamptz,
        CONSTRAINT approved_by_another CHECK (approved_by <> created_by),
        CHECK (num_nulls(number, effective_on, approved_by, approved_at) IN (0, 4)),
        CHECK (num_nonnulls(approved_at, withdrawn_at) <= 1)
      );
      CREATE INDEX maker_event_of_maker ON maker_event (maker_id, type, number);

      COMMENT ON TABLE maker_event IS 'Transfer, release, freeze, merge of makers (makers/maker-event.ts). Nothing is done before another person approves.';
      COMMENT ON COLUMN maker_event.facility_id IS 'In whose books it is written; of a transfer the facility that pays from then on.';
      COMMENT ON COLUMN maker_event.number IS 'n-th of all that are approved; null: a draft.';
      COMMENT ON COLUMN maker_event.effective_on IS 'Posting date of its journal: a transfer counts from this day on.';

      CREATE FUNCTION refuse_edit_of_maker_event() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        decided text[] := '{number,effective_on,approved_by,approved_at,withdrawn_at}';
      BEGIN
        IF TG_OP = 'UPDATE' AND OLD.approved_by IS NULL AND OLD.withdrawn_at IS NULL
           AND (to_jsonb(NEW) - decided) = (to_jsonb(OLD) - decided) THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'maker event % is never edited: draft another', OLD.event_id USING ERRCODE = 'restrict_violation';
      END
      $$;
      COMMENT ON FUNCTION refuse_edit_of_maker_event IS 'The one change of a row: a draft is approved or withdrawn, as it was drafted.';
      CREATE TRIGGER refuse_edit BEFORE UPDATE OR DELETE ON maker_event
        FOR EACH ROW EXECUTE FUNCTION refuse_edit_of_maker_event();
      CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON maker_event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON maker_event
        FOR EACH ROW EXECUTE FUNCTION record_change('event_id');

      CREATE FUNCTION maker_standing(maker text, on_day date)
      RETURNS TABLE (paid_by text, frozen boolean, payee text) STABLE LANGUAGE sql AS $$
        SELECT (SELECT facility_id FROM maker_event
                 WHERE maker_id = maker AND type = 'transfer' AND effective_on <= on_day
                 ORDER BY effective_on DESC, number DESC LIMIT 1),
               coalesce(hold.type = 'freeze', false),
               hold.content ->> 'payee'
          FROM (SELECT) AS one
          LEFT JOIN (SELECT type, content FROM maker_event
                      WHERE maker_id = maker AND type IN ('freeze', 'unfreeze') AND number IS NOT NULL
                      ORDER BY number DESC LIMIT 1) AS hold ON true
      $$;
      COMMENT ON FUNCTION maker_standing IS 'paid_by: the facility that pays a maker, after a transfer; null: each pays what its sales earned. payee: who is paid in the maker''s place.';

      ALTER TABLE payout_item ADD payee text;
      COMMENT ON COLUMN payout_item.payee IS 'Who is paid in the place of the account''s owner: heirs; null: the owner.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE payout_item DROP payee;
      DROP FUNCTION maker_standing;
      DROP TABLE maker_event;
      DROP FUNCTION refuse_edit_of_maker_event;
      ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
      ALTER TABLE journal ADD CONSTRAINT journal_kind_check
        CHECK (kind IN ('sale', 'release', 'settlement', 'refund', 'payout', 'payout-failed', 'deposit', 'adjustment',
                        'opening'));
    `);
  }
}
