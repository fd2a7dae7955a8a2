import { readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { id1990 } from '../sharing/agreements/id-1990.ts';

/** The books. Every amount is whole rupiah, debit positive, credit negative. */
export class CreateLedger1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(books);
    await runner.query(audit);
    await runner.query(guards);
    await runner.query(readFileSync(new URL('../books/journals/posting.sql', import.meta.url), 'utf8'));
    await runner.query(sales);
    await runner.query(agreements);
    await runner.query(privileges);
    await runner.query(
      `INSERT INTO agreement (agreement_id, version, scope_level, effective_from, status, definition)
       VALUES ($1, $2, 'national', '1990-01-01T00:00:00+07', 'approved', $3)`,
      [id1990.id, id1990.version, id1990],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE account, journal, entry, chain_head, seal, seal_block, sale_line, refused_event, agreement;
      DROP FUNCTION post_journals;
      DROP AGGREGATE total(bigint);
      DROP FUNCTION refuse_change;
      DROP FUNCTION require_balance;
    `);
  }
}

const books = `
  CREATE TABLE account (
    account_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code        text NOT NULL UNIQUE,
    class       text NOT NULL CHECK (class IN ('asset', 'liability')),
    owner       text NOT NULL,
    purpose     text NOT NULL,
    facility_id text,
    balance     bigint NOT NULL DEFAULT 0 CHECK (balance BETWEEN -9007199254740991 AND 9007199254740991),
    version     bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50); -- no index has balance or version: their updates stay on the page (HOT)
  CREATE INDEX account_by_owner ON account (owner);

  COMMENT ON TABLE account IS 'Opened by the first journal that uses it; see accounts/account.ts for the chart.';
  COMMENT ON COLUMN account.facility_id IS 'Whose books it belongs to; null: a maker''s, which is national.';
  COMMENT ON COLUMN account.balance IS 'Sum of its entries: the running balance of the last one.';
  COMMENT ON COLUMN account.version IS 'Number of its entries: the version of the last one.';

  CREATE TABLE journal (
    journal_id        uuid PRIMARY KEY,
    source_event_id   uuid NOT NULL UNIQUE,
    reverses          uuid,
    correlation_id    uuid NOT NULL,
    occurred_at       timestamptz NOT NULL,
    recorded_at       timestamptz NOT NULL,
    posted_on         date NOT NULL,
    agreement_version int,
    entries           int NOT NULL CHECK (entries >= 0),
    agreement_id      text,
    chain_number      bigint NOT NULL CHECK (chain_number >= 1),
    hash              bytea NOT NULL CHECK (octet_length(hash) = 32),
    kind              text NOT NULL CHECK (kind IN ('sale', 'release', 'settlement', 'refund', 'payout',
                                                    'payout-failed', 'deposit', 'adjustment', 'opening')),
    facility_id       text COLLATE "C" NOT NULL,
    source_reference  text NOT NULL,
    source            json NOT NULL,
    UNIQUE (source_reference, kind),
    UNIQUE (facility_id, chain_number),
    CHECK (num_nulls(agreement_id, agreement_version) IN (0, 2))
  );
  CREATE INDEX journal_by_reversed ON journal (reverses) WHERE reverses IS NOT NULL;
  CREATE INDEX journal_by_recording ON journal USING brin (recorded_at) WITH (autosummarize = on);

  COMMENT ON TABLE journal IS 'Facts, never changed. Undone only by another journal that names what it reverses.';
  COMMENT ON COLUMN journal.journal_id IS 'UUIDv7: the order of the ids is the order of recording, to the millisecond.';
  COMMENT ON COLUMN journal.posted_on IS 'Day in Asia/Jakarta that the journal counts for. Not the day of occurred_at: it came late.';
  COMMENT ON COLUMN journal.entries IS 'How many there are: an entry that is missing or was added later shows.';
  COMMENT ON COLUMN journal.recorded_at IS 'To the millisecond; never before the facility''s journal before it, never on a day that is sealed.';
  COMMENT ON COLUMN journal.chain_number IS 'n-th journal of the facility, without gaps.';
  COMMENT ON COLUMN journal.hash IS 'SHA-256 of the facts, which name the hash of the journal before it (audit/hash-chain.ts).';
  COMMENT ON COLUMN journal.source IS 'The data of the event, frozen to the byte: what the journal is explained from.';

  CREATE TABLE entry (
    account_id      bigint NOT NULL,
    account_version bigint NOT NULL,
    journal_id      uuid NOT NULL,
    amount          bigint NOT NULL CHECK (amount <> 0),
    running_balance bigint NOT NULL,
    posted_on       date NOT NULL,
    facility_id     text NOT NULL,
    line_ref        text,
    step            text,
    PRIMARY KEY (account_id, account_version)
  );
  CREATE INDEX entry_by_journal ON entry (journal_id);

  COMMENT ON TABLE entry IS 'What a journal moves on an account. No foreign keys: they cost a third of the posting speed, and require_balance() finds the journal anyway.';
  COMMENT ON COLUMN entry.account_version IS 'n-th entry of the account, without gaps: statement order.';
  COMMENT ON COLUMN entry.running_balance IS 'Of the account after this entry. Never rewritten.';
  COMMENT ON COLUMN entry.line_ref IS 'Order line; null: of the whole journal.';
  COMMENT ON COLUMN entry.step IS 'The maker''s own step (agreement) that moved it; null: none.';
`;

const audit = `
  CREATE TABLE chain_head (
    facility_id text COLLATE "C" PRIMARY KEY,
    number      bigint NOT NULL DEFAULT 0,
    hash        bytea,
    recorded_at timestamptz NOT NULL DEFAULT '-infinity',
    CHECK ((number = 0) = (hash IS NULL))
  ) WITH (fillfactor = 50);
  COMMENT ON TABLE chain_head IS 'The last journal of each facility. Who posts for a facility holds its row until the end of the transaction.';

  CREATE TABLE seal (
    sealed_on  date PRIMARY KEY,
    journals   bigint NOT NULL CHECK (journals >= 0),
    root       bytea NOT NULL,
    previous   bytea,
    public_key text NOT NULL,
    signature  text NOT NULL,
    sealed_at  timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE seal IS 'Each day in Asia/Jakarta that is over, signed (audit/seal.ts): what was recorded on it never changes.';

  CREATE TABLE seal_block (
    sealed_on    date NOT NULL,
    block        int NOT NULL CHECK (block >= 0),
    facility_id  text COLLATE "C" NOT NULL,
    chain_number bigint NOT NULL,
    root         bytea NOT NULL,
    hashes       bytea NOT NULL,
    PRIMARY KEY (sealed_on, block)
  );
  COMMENT ON TABLE seal_block IS 'The leaves of a day''s tree, 256 a block, so that a proof reads one block and the roots of the others.';
  COMMENT ON COLUMN seal_block.chain_number IS 'With facility_id: the first journal of the block.';
`;

const guards = `
  CREATE FUNCTION require_balance() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    offending record;
  BEGIN
    SELECT journal_id, total, written.entries AS written, journal.entries AS announced INTO offending
      FROM (SELECT journal_id, sum(amount) AS total, count(*) AS entries FROM written_entries GROUP BY journal_id)
           AS written
      LEFT JOIN journal USING (journal_id)
     WHERE total <> 0 OR written.entries IS DISTINCT FROM journal.entries
     LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'journal % would not balance: % entries of %, sum %',
        offending.journal_id, offending.written, coalesce(offending.announced::text, 'no journal'), offending.total
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
  END
  $$;
  COMMENT ON FUNCTION require_balance IS 'All entries of a journal come in one statement, as many as it announces, and sum to zero.';

  CREATE TRIGGER require_balance AFTER INSERT ON entry REFERENCING NEW TABLE AS written_entries
    FOR EACH STATEMENT EXECUTE FUNCTION require_balance();

  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'the table % is append-only: undo a journal by one that reverses it', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END
  $$;
  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entry EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON seal EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_block EXECUTE FUNCTION refuse_change();
`;

const sales = `
  CREATE TABLE sale_line (
    sale_id        text NOT NULL,
    line_ref       text NOT NULL,
    journal_id     uuid NOT NULL,
    price          bigint NOT NULL CHECK (price >= 0),
    refunded       bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND price),
    units          int NOT NULL CHECK (units >= 1),
    units_refunded int NOT NULL DEFAULT 0,
    credits        jsonb NOT NULL,
    PRIMARY KEY (sale_id, line_ref)
  );
  COMMENT ON TABLE sale_line IS 'What refunds have taken back of a sold line so far, and from whom.';
  COMMENT ON COLUMN sale_line.journal_id IS 'The journal that credited it.';
  COMMENT ON COLUMN sale_line.credits IS 'Reversible[] of refunds/reversal.ts.';

  CREATE TABLE refused_event (
    event_id       uuid PRIMARY KEY,
    type           text NOT NULL,
    reference      text NOT NULL,
    reason         text NOT NULL CHECK (reason IN ('conflict', 'sale-unknown', 'no-agreement')),
    data           json NOT NULL,
    correlation_id uuid NOT NULL,
    refused_at     timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE refused_event IS 'Events that cannot be posted and never will: listed for people, never lost.';
`;

const agreements = `
  CREATE TABLE agreement (
    agreement_id    text NOT NULL,
    version         int NOT NULL CHECK (version >= 1),
    scope_level     text NOT NULL CHECK (scope_level IN ('national', 'region', 'facility', 'programme', 'product')),
    scope_id        text,
    effective_from  timestamptz NOT NULL,
    effective_until timestamptz CHECK (effective_until > effective_from),
    status          text NOT NULL CHECK (status IN ('draft', 'approved')),
    definition      jsonb NOT NULL,
    PRIMARY KEY (agreement_id, version),
    CHECK ((scope_level = 'national') = (scope_id IS NULL))
  );
  COMMENT ON TABLE agreement IS 'Sharing agreements (agreements/agreement.ts), in force from effective_from until just before effective_until.';
`;

/** What the service may not do though its database would let it: libs/database/migrate.ts gives it all tables. */
const privileges = `
  DO $$
  DECLARE
    service text := quote_ident(current_database() || '_service');
  BEGIN
    EXECUTE 'REVOKE UPDATE, DELETE ON journal, entry, seal, seal_block, refused_event FROM ' || service;
    EXECUTE 'REVOKE UPDATE, DELETE ON account FROM ' || service;
    EXECUTE 'GRANT UPDATE (balance, version) ON account TO ' || service;
    EXECUTE 'REVOKE DELETE ON chain_head, sale_line, agreement FROM ' || service;
  END
  $$;
`;
