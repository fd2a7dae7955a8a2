import { readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToVerify, secureRows, withoutRowSecurity } from '../../../libs/database/row-security.ts';

/**
 * A maker's account is national: no facility sees its balance, which would tell what is earned elsewhere. So that each
 * can read its own books, accounts are named as they stand in them; and who may read all of a maker is kept.
 */
export class BooksAndSeats1764000002520 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(seats);
    await runner.query('DROP FUNCTION post_journals'); // it has more parameters now
    await runner.query(readFileSync(new URL('../books/journals/posting.sql', import.meta.url), 'utf8'));
    await withoutRowSecurity(
      runner,
      ['account', 'adjustment', 'contribution', 'entry', 'journal', 'maker_event'],
      async () => void (await runner.query(fill)),
    );
    await secureRows(runner, {
      account_book: { grant: 'SELECT' },
      maker_seat: { grant: 'SELECT', seen: `maker_id = current_setting('pasindo.maker', true)` },
    });
    await openToVerify(runner, ['account_book', 'maker_seat']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER seat_maker ON contribution; DROP TRIGGER seat_maker ON maker_event; DROP TRIGGER seat_maker ON adjustment;
      DROP FUNCTION seat_recorded, seat_happened, seat_found, seat_makers;
      DROP INDEX maker_event_merge, adjustment_of_contributions;
      DROP TABLE maker_seat`); // post_journals keeps account_book; before it, it knew nothing of it
  }
}

const tables = `
  CREATE TABLE account_book (
    facility_id text COLLATE "C" NOT NULL,
    account_id  bigint NOT NULL,
    code        text NOT NULL,
    owner       text NOT NULL,
    purpose     text NOT NULL,
    class       text NOT NULL,
    PRIMARY KEY (facility_id, account_id)
  );
  CREATE INDEX account_book_by_code ON account_book (code);
  CREATE INDEX account_book_by_owner ON account_book (owner);
  COMMENT ON TABLE account_book IS 'The accounts in the books of each facility: its own, and those that its journals have moved. Kept by post_journals.';

  CREATE TABLE maker_seat (
    maker_id    text COLLATE "C" PRIMARY KEY,
    facility_id text COLLATE "C" NOT NULL
  );
  CREATE INDEX maker_seat_by_facility ON maker_seat (facility_id, maker_id);
  COMMENT ON TABLE maker_seat IS 'Where each maker is: at the facility of the last transfer, else of the last contribution; of those who were merged the survivor''s transfers first, as for payouts. It reads all of the maker''s history.';

  CREATE INDEX maker_event_merge ON maker_event (maker_id) WHERE type = 'merge' AND number IS NOT NULL;
  CREATE INDEX adjustment_of_contributions ON adjustment (facility_id) WHERE type = 'contributions' AND approved_by IS NOT NULL;
`;

/** By triggers, whoever writes; record_change has let nobody else in by then, as triggers fire in the order of their names. */
const seats = `
  CREATE FUNCTION seat_makers(changed text[]) RETURNS void LANGUAGE sql AS $$
    WITH merged AS MATERIALIZED (SELECT maker_id, person_id FROM merged_makers(false)),
    person AS (
      SELECT DISTINCT coalesce(person_id, changed_id) AS person_id
        FROM unnest(changed) AS changed_id LEFT JOIN merged ON maker_id = changed_id),
    one AS (
      SELECT person_id, person_id AS maker_id FROM person
      UNION
      SELECT person_id, merged.maker_id FROM person JOIN merged USING (person_id)),
    made AS (
      SELECT person_id, facility_id, recorded_at, lot_id FROM one JOIN contribution USING (maker_id)
      UNION ALL
      SELECT person_id, facility_id, occurred_at, content ->> 'lotId'
        FROM adjustment CROSS JOIN jsonb_array_elements(content -> 'contributions') AS maker
        JOIN one ON one.maker_id = maker ->> 'makerId'
       WHERE type = 'contributions' AND approved_by IS NOT NULL),
    seat AS (
      SELECT person_id,
             coalesce((SELECT facility_id FROM maker_event
                        WHERE maker_id = person_id AND type = 'transfer' AND number IS NOT NULL
                        ORDER BY effective_on DESC, number DESC LIMIT 1),
                      (SELECT facility_id FROM made WHERE made.person_id = person.person_id
                        ORDER BY recorded_at DESC, lot_id DESC, facility_id DESC LIMIT 1),
                      (SELECT facility_id FROM maker_event JOIN one USING (maker_id)
                        WHERE one.person_id = person.person_id AND type = 'transfer' AND number IS NOT NULL
                        ORDER BY effective_on DESC, number DESC LIMIT 1)) AS facility_id
        FROM person)
    INSERT INTO maker_seat (maker_id, facility_id)
    SELECT maker_id, facility_id FROM one JOIN seat USING (person_id) WHERE facility_id IS NOT NULL
    ON CONFLICT (maker_id) DO UPDATE SET facility_id = excluded.facility_id
      WHERE maker_seat.facility_id <> excluded.facility_id
  $$;

  CREATE FUNCTION seat_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM seat_makers(ARRAY(SELECT DISTINCT maker_id FROM recorded));
    RETURN NULL;
  END
  $$;
  CREATE TRIGGER seat_maker AFTER INSERT ON contribution REFERENCING NEW TABLE AS recorded
    FOR EACH STATEMENT EXECUTE FUNCTION seat_recorded();

  CREATE FUNCTION seat_happened() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM seat_makers(array_remove(ARRAY[NEW.maker_id, NEW.content ->> 'into'], NULL));
    RETURN NULL;
  END
  $$;
  CREATE TRIGGER seat_maker AFTER UPDATE ON maker_event FOR EACH ROW
    WHEN (NEW.number IS NOT NULL AND NEW.type IN ('transfer', 'merge')) EXECUTE FUNCTION seat_happened();

  CREATE FUNCTION seat_found() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM seat_makers(ARRAY(SELECT DISTINCT maker ->> 'makerId'
                                FROM jsonb_array_elements(NEW.content -> 'contributions') AS maker));
    RETURN NULL;
  END
  $$;
  CREATE TRIGGER seat_maker AFTER UPDATE ON adjustment FOR EACH ROW
    WHEN (NEW.type = 'contributions' AND NEW.approved_by IS NOT NULL) EXECUTE FUNCTION seat_found();
`;

const fill = `
  INSERT INTO account_book (facility_id, account_id, code, owner, purpose, class)
  SELECT part.facility_id, account_id, code, owner, purpose, class
    FROM (SELECT facility_id, account_id FROM account WHERE facility_id IS NOT NULL
          UNION
          SELECT facility_id, account_id FROM entry) AS part
    JOIN account USING (account_id);

  SELECT seat_makers(ARRAY(SELECT maker_id FROM contribution
                           UNION SELECT maker_id FROM maker_event WHERE number IS NOT NULL
                           UNION SELECT content ->> 'into' FROM maker_event WHERE type = 'merge' AND number IS NOT NULL
                           UNION SELECT maker ->> 'makerId'
                             FROM adjustment CROSS JOIN jsonb_array_elements(content -> 'contributions') AS maker
                            WHERE type = 'contributions' AND approved_by IS NOT NULL));
`;
