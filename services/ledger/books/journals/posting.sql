-- sum() of bigint is numeric. This one stays bigint, which is faster, and fails when it would not fit.
CREATE OR REPLACE AGGREGATE total(bigint) (sfunc = int8pl, stype = bigint, initcond = '0');

-- Posts a batch of journals in the caller's transaction: all of a batch costs six statements, whatever its size.
--
-- Arrays of one group have one element per journal, account or entry. Entries name their journal and account by position
-- (from 1) in the other two groups, so an account's code travels once per batch. Of one account, entries are numbered in
-- the order given.
--
-- Returns the journals that were not posted, by position:
--   duplicate  the same source is in the books already, with the same content: nothing to do
--   conflict   the same source event, or kind and reference, is in the books with other content
-- All others are posted, whole, or the call fails and nothing is.
--
-- Two calls never deadlock: each takes its locks in one order (accounts it opens by code, then accounts by id). Balances
-- are read after the lock, in a statement of their own, which sees what was committed while we waited.
CREATE OR REPLACE FUNCTION post_journals(
  journal_ids        uuid[],
  facility_ids       text[],
  kinds              text[],
  posting_dates      date[],
  occurrences        timestamptz[],
  source_event_ids   uuid[],
  source_references  text[],
  reversed_ids       uuid[],
  agreement_ids      text[],
  agreement_versions int[],
  correlation_ids    uuid[],
  sources            text,   -- JSON documents, one a line: as one text they travel twice as fast as an array
  recording_instants timestamptz[],
  chain_numbers      bigint[],
  hashes             text[], -- hexadecimal

  account_codes      text[],
  account_classes    text[],
  account_owners     text[],
  account_purposes   text[],
  account_facilities text[],

  entry_journals     int[],
  entry_accounts     int[],
  entry_lines        text[],
  entry_steps        text[],
  entry_amounts      bigint[],

  book_facilities    text[], -- each with an account that is not the facility's own, and that a journal of it moves
  book_accounts      text[]
) RETURNS TABLE (journal_position int, outcome text)
LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan -- array lengths are what the plan depends on, if they are large
SET enable_mergejoin = off              -- it would be chosen: how many rows two arrays give together is overrated
AS $$
DECLARE
  few_entries  CONSTANT int := 100;
  inserted_ids uuid[];
  refused      int[] := '{}';
  sent         bigint;
  written      bigint;
BEGIN
  -- Planning would take several times as long as posting: a plan is made once a connection. However small the books
  -- were then, it reads them by index, row by row.
  IF cardinality(entry_journals) <= few_entries THEN
    PERFORM set_config(name, setting, true)
       FROM (VALUES ('plan_cache_mode', 'force_generic_plan'), ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'))
              AS of_few (name, setting);
  END IF;

  WITH opened AS (
    INSERT INTO account (code, class, owner, purpose, facility_id)
    SELECT code, class, owner, purpose, facility
      FROM unnest(account_codes, account_classes, account_owners, account_purposes, account_facilities)
             AS used (code, class, owner, purpose, facility)
     WHERE NOT EXISTS (SELECT FROM account WHERE account.code = used.code)
     ORDER BY code
    ON CONFLICT DO NOTHING
    RETURNING account_id, code, class, owner, purpose, facility_id
  )
  INSERT INTO account_book (facility_id, account_id, code, owner, purpose, class)
  SELECT facility_id, account_id, code, owner, purpose, class FROM opened WHERE facility_id IS NOT NULL;

  PERFORM FROM account WHERE code = ANY (account_codes) ORDER BY account_id FOR NO KEY UPDATE;

  INSERT INTO account_book (facility_id, account_id, code, owner, purpose, class)
  SELECT facility, account_id, account.code, owner, purpose, class
    FROM unnest(book_facilities, book_accounts) AS moved (facility, code) JOIN account USING (code)
   WHERE NOT EXISTS (SELECT FROM account_book AS known
                      WHERE known.facility_id = facility AND known.account_id = account.account_id);

  WITH inserted AS (
    INSERT INTO journal (journal_id, facility_id, kind, posted_on, occurred_at, source_event_id, source_reference,
                         reverses, agreement_id, agreement_version, correlation_id, source, recorded_at, chain_number,
                         hash, entries)
    SELECT id, facility, kind, day, occurrence, event, reference, reversed, agreement, version, correlation,
           document::json, recording, number, decode(hash, 'hex'), coalesce(entries, 0)
      FROM unnest(journal_ids, facility_ids, kinds, posting_dates, occurrences, source_event_ids, source_references,
                  reversed_ids, agreement_ids, agreement_versions, correlation_ids, string_to_array(sources, E'\n'),
                  recording_instants, chain_numbers, hashes)
             WITH ORDINALITY AS drafts (id, facility, kind, day, occurrence, event, reference, reversed, agreement,
                                        version, correlation, document, recording, number, hash, position)
      LEFT JOIN (SELECT position, count(*) AS entries FROM unnest(entry_journals) AS position GROUP BY position) counts
                USING (position)
     ORDER BY id
    ON CONFLICT DO NOTHING
    RETURNING journal_id
  )
  SELECT array_agg(journal_id) INTO inserted_ids FROM inserted;

  IF coalesce(cardinality(inserted_ids), 0) < cardinality(journal_ids) THEN
    refused := ARRAY(SELECT position
                       FROM unnest(journal_ids) WITH ORDINALITY AS drafts (id, position)
                      WHERE id <> ALL (coalesce(inserted_ids, '{}')));
  END IF;

  WITH sent AS MATERIALIZED (
    SELECT journal, account, line, step, amount, recording_instants[journal] AS recording,
           row_number() OVER running AS number, total(amount) OVER running AS total,
           max(recording_instants[journal]) OVER running AS latest
      FROM unnest(entry_journals, entry_accounts, entry_lines, entry_steps, entry_amounts)
             WITH ORDINALITY AS entries (journal, account, line, step, amount, position)
     WHERE journal <> ALL (refused)
    WINDOW running AS (PARTITION BY account ORDER BY position ROWS UNBOUNDED PRECEDING)
  ), moved AS (
    UPDATE account
       SET balance = balance + change, version = version + entries, last_recorded_at = greatest(last_recorded_at, last),
           disorder = greatest(disorder, greatest(last_recorded_at, first) - first, disordered)
      FROM (SELECT account AS position, total(amount) AS change, count(*) AS entries, min(recording) AS first,
                   max(recording) AS last, max(latest - recording) AS disordered
              FROM sent GROUP BY account) AS changes
      JOIN unnest(account_codes) WITH ORDINALITY AS used (code, position) USING (position)
     WHERE account.code = used.code
    RETURNING position, account_id, balance - change AS balance_before, version - entries AS version_before
  )
  INSERT INTO entry (account_id, account_version, journal_id, amount, running_balance, posted_on, facility_id, line_ref,
                     step)
  SELECT account_id, version_before + number, journals.id, amount, balance_before + total, day, facility, line, step
    FROM sent
    JOIN moved ON moved.position = account
    JOIN unnest(journal_ids, posting_dates, facility_ids) WITH ORDINALITY AS journals (id, day, facility, position)
      ON journals.position = journal;

  GET DIAGNOSTICS written = ROW_COUNT;
  sent := CASE WHEN refused = '{}' THEN cardinality(entry_journals)
               ELSE (SELECT count(*) FROM unnest(entry_journals) AS journal WHERE journal <> ALL (refused)) END;
  IF written <> sent THEN
    RAISE EXCEPTION '% of % entries would be posted', written, sent USING ERRCODE = 'data_exception';
  END IF;

  IF refused = '{}' THEN
    RETURN;
  END IF;

  RETURN QUERY
  SELECT position::int,
         CASE WHEN bool_and(journal.kind = drafts.kind AND journal.source_reference = reference
                            AND journal.source::jsonb = document::jsonb)
              THEN 'duplicate' ELSE 'conflict' END
    FROM unnest(source_event_ids, source_references, kinds, string_to_array(sources, E'\n'))
           WITH ORDINALITY AS drafts (event, reference, kind, document, position)
    LEFT JOIN journal ON journal.source_event_id = event
                      OR (journal.source_reference = reference AND journal.kind = drafts.kind)
   WHERE position = ANY (refused)
   GROUP BY position
   ORDER BY position;
END
$$;
