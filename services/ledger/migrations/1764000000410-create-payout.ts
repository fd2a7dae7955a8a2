import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money on its way out: to makers and beneficiaries, and to the state. */
export class CreatePayout1764000000410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payout (
        payout_id      uuid PRIMARY KEY,
        facility_id    text COLLATE "C" NOT NULL,
        bank           text NOT NULL,
        up_to          date NOT NULL,
        status         text NOT NULL CHECK (status IN ('proposed', 'approved', 'rejected')),
        reason         text,
        created_by     text NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        decided_by     text,
        decided_at     timestamptz,
        correlation_id uuid NOT NULL,
        CONSTRAINT approved_by_another CHECK (status <> 'approved' OR decided_by <> created_by),
        CHECK (num_nulls(decided_by, decided_at) = CASE status WHEN 'proposed' THEN 2 ELSE 0 END),
        CHECK ((status = 'rejected') = (reason IS NOT NULL))
      );
      COMMENT ON TABLE payout IS 'A batch of payments from a bank account of a facility, proposed by one person and approved by another.';
      COMMENT ON COLUMN payout.up_to IS 'What was available at the end of this day is paid.';

      CREATE TABLE payout_item (
        item_id    uuid PRIMARY KEY,
        payout_id  uuid NOT NULL REFERENCES payout,
        account    text NOT NULL,
        amount     bigint NOT NULL CHECK (amount > 0),
        status     text NOT NULL CHECK (status IN ('proposed', 'reserved', 'paid', 'failed', 'rejected')),
        reason     text,
        journal_id uuid,
        UNIQUE (payout_id, account),
        CHECK ((status = 'failed') = (reason IS NOT NULL)),
        CHECK (status <> 'paid' OR journal_id IS NOT NULL)
      );
      CREATE INDEX payout_item_reserved ON payout_item (account) WHERE status = 'reserved';
      COMMENT ON COLUMN payout_item.status IS 'reserved: nobody else may use this part of the account''s balance until it is paid or failed';
      COMMENT ON COLUMN payout_item.journal_id IS 'The payout in the books; of one that failed later as well.';

      CREATE TABLE deposit (
        deposit_id   uuid PRIMARY KEY,
        facility_id  text COLLATE "C" NOT NULL,
        bank         text NOT NULL,
        amount       bigint NOT NULL CHECK (amount > 0),
        billing_code text NOT NULL UNIQUE,
        created_by   text NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        ntpn         text UNIQUE,
        deposited_at timestamptz,
        confirmed_by text,
        journal_id   uuid,
        CHECK (num_nulls(ntpn, deposited_at, confirmed_by, journal_id) IN (0, 4))
      );
      COMMENT ON TABLE deposit IS 'PNBP paid to the state: billed, then proved by the number of its receipt (NTPN).';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deposit; DROP TABLE payout_item; DROP TABLE payout');
  }
}
