import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What sharing remembers from sale to sale: sums over periods, and what is still owed to beneficiaries. */
export class CreateAccumulators1764000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accumulator (
        key     text COLLATE "C" PRIMARY KEY,
        input   bigint NOT NULL DEFAULT 0 CHECK (input BETWEEN 0 AND 9007199254740991),
        taken   bigint NOT NULL DEFAULT 0 CHECK (taken BETWEEN -9007199254740991 AND 9007199254740991),
        version bigint NOT NULL DEFAULT 0
      ) WITH (fillfactor = 50); -- as of accounts: updates stay on the page
      COMMENT ON TABLE accumulator IS 'One row for each thing that is remembered. Who depends on it, or changes it, holds it until the end of the transaction; so a ceiling on a balance has a row too, which stays 0: the balance is that of the accounts.';
      COMMENT ON COLUMN accumulator.key IS 'Of a step over a period maker:M1|levy|2026-W02; of an obligation maker:M1|beneficiary:restitution:payable (agreements/memory.ts).';
      COMMENT ON COLUMN accumulator.input IS 'Rupiah that the step saw in the period; of an obligation what was imposed.';
      COMMENT ON COLUMN accumulator.taken IS 'Rupiah that the step took of it; of an obligation what was paid, so that input - taken is owed.';
      COMMENT ON COLUMN accumulator.version IS 'Number of its entries: the version of the last one.';

      CREATE TABLE accumulator_entry (
        key          text COLLATE "C" NOT NULL,
        version      bigint NOT NULL,
        journal_id   uuid NOT NULL,
        input_change bigint NOT NULL,
        taken_change bigint NOT NULL,
        input        bigint NOT NULL,
        taken        bigint NOT NULL,
        PRIMARY KEY (key, version),
        UNIQUE (journal_id, key),
        CHECK (input_change <> 0 OR taken_change <> 0)
      );
      COMMENT ON TABLE accumulator_entry IS 'Each change of an accumulator, with the journal that made it, and what the accumulator is after it.';

      CREATE TABLE journal_memory (
        journal_id uuid PRIMARY KEY,
        memory     json NOT NULL
      );
      COMMENT ON TABLE journal_memory IS 'What a journal that depends on others found remembered, frozen to the byte and hashed with it (Memory of agreements/memory.ts). Other journals have none.';

      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON accumulator_entry EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_memory EXECUTE FUNCTION refuse_change();

      ALTER TABLE adjustment DROP CONSTRAINT adjustment_type_check;
      ALTER TABLE adjustment ADD CONSTRAINT adjustment_type_check
        CHECK (type IN ('adjustment', 'opening', 'write-off', 'contributions', 'obligation'));

      DO $$
      DECLARE
        service text := quote_ident(current_database() || '_service');
      BEGIN
        EXECUTE 'REVOKE UPDATE, DELETE ON accumulator, accumulator_entry, journal_memory FROM ' || service;
        EXECUTE 'GRANT UPDATE (input, taken, version) ON accumulator TO ' || service;
      END
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE adjustment DROP CONSTRAINT adjustment_type_check;
      ALTER TABLE adjustment ADD CONSTRAINT adjustment_type_check
        CHECK (type IN ('adjustment', 'opening', 'write-off', 'contributions'));
      DROP TABLE accumulator, accumulator_entry, journal_memory;
    `);
  }
}
