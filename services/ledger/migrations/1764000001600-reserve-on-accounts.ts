import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is promised of an account stands beside its balance, and the laws of accounts hold for both. */
export class ReserveOnAccounts1764000001600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account ADD reserved bigint NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND 9007199254740991);
      COMMENT ON COLUMN account.reserved IS 'Of what it owes: in unfinished payouts, or billed for a deposit. Kept by triggers of these tables.';
      UPDATE account SET reserved = promised
        FROM (SELECT code, sum(amount) AS promised
                FROM (SELECT account AS code, amount FROM payout_item WHERE status IN ('reserved', 'sent')
                      UNION ALL
                      SELECT 'state:pnbp@' || facility_id, amount FROM deposit WHERE ntpn IS NULL) AS promise
               GROUP BY code) AS promises
       WHERE account.code = promises.code;
      DO $$ BEGIN
        EXECUTE 'GRANT UPDATE (reserved) ON account TO ' || quote_ident(current_database() || '_service');
      END $$;

      CREATE FUNCTION reserve_for_payouts() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE account SET reserved = reserved + change
          FROM (SELECT code, sum(amount)::bigint AS change
                  FROM (SELECT account AS code, amount FROM after WHERE status IN ('reserved', 'sent')
                        UNION ALL
                        SELECT account, -amount FROM before WHERE status IN ('reserved', 'sent')) AS item
                 GROUP BY code HAVING sum(amount) <> 0) AS changed
         WHERE account.code = changed.code;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER reserve AFTER UPDATE ON payout_item REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION reserve_for_payouts();

      CREATE FUNCTION reserve_for_deposit() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE account
           SET reserved = reserved + CASE WHEN NEW.ntpn IS NULL THEN NEW.amount ELSE 0 END
                                   - CASE WHEN TG_OP = 'UPDATE' AND OLD.ntpn IS NULL THEN NEW.amount ELSE 0 END
         WHERE code = 'state:pnbp@' || NEW.facility_id;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER hold_account AFTER INSERT OR UPDATE ON deposit FOR EACH ROW EXECUTE FUNCTION reserve_for_deposit();

      CREATE FUNCTION overdraft(account) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN
        CASE WHEN $1.purpose IN ('wages-pending', 'wages', 'savings', 'payable') THEN $1.balance + $1.reserved
             WHEN $1.purpose = 'receivable' AND $1.facility_id IS NULL THEN -$1.balance
             ELSE 0 END;
      COMMENT ON FUNCTION overdraft IS 'By how much an account breaks its law: makers and beneficiaries never owe what they are owed, nor is what is reserved spent, and no receivable is owed to its maker. Not above 0: it keeps it.';

      CREATE FUNCTION refuse_overdraft() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        found account;
      BEGIN
        SELECT * INTO found FROM account WHERE account_id = NEW.account_id;
        IF overdraft(found) > greatest(overdraft(OLD), 0) THEN
          RAISE EXCEPTION '% would be overdrawn: balance %, reserved %', found.code, found.balance, found.reserved
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_overdraft';
        END IF;
        RETURN NULL;
      END
      $$;
      COMMENT ON FUNCTION refuse_overdraft IS 'When all is written, as a payment lowers both the balance and what is reserved of it. What was overdrawn before this rule may stay, and recover, and never gets worse.';
      CREATE CONSTRAINT TRIGGER account_overdraft AFTER UPDATE ON account DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (overdraft(NEW) > 0 AND overdraft(NEW) > overdraft(OLD)) EXECUTE FUNCTION refuse_overdraft();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER account_overdraft ON account;
      DROP TRIGGER hold_account ON deposit;
      DROP TRIGGER reserve ON payout_item;
      DROP FUNCTION refuse_overdraft, overdraft(account), reserve_for_deposit, reserve_for_payouts;
      ALTER TABLE account DROP reserved;
    `);
  }
}
