import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys that seal, each handed over to by the one before. The first is listed with the next seal (audit/sealing.service.ts). */
export class ListSealKeys1764000001700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE seal_key (
        number     int PRIMARY KEY,
        seals_from date NOT NULL UNIQUE,
        previous   bytea,
        public_key text NOT NULL,
        signature  text,
        handover   text,
        CHECK ((number = 1) = (previous IS NULL))
      );
      COMMENT ON TABLE seal_key IS 'The keys that seal the books, in their order (audit/key-list.ts).';
      COMMENT ON COLUMN seal_key.signature IS 'Of the key over its own place; null: it sealed before keys were listed.';
      COMMENT ON COLUMN seal_key.handover IS 'Of the key before it; null: it is the first, or that one was lost.';
      CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_key EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON seal_key
        FOR EACH ROW EXECUTE FUNCTION record_change('number');
      DO $$ BEGIN
        EXECUTE 'REVOKE UPDATE, DELETE ON seal_key FROM ' || quote_ident(current_database() || '_service');
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seal_key');
  }
}
