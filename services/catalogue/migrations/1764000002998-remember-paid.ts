import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Goods of a sold order that are not there, as somebody forgot to record them or the database was put back, are awaited as sold. */
export class RememberPaid1764000002998 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE awaited_order ADD COLUMN paid boolean NOT NULL DEFAULT false;
      COMMENT ON COLUMN awaited_order.paid IS 'it is sold: what is found for it is committed at once';

      ALTER TABLE reservation ADD COLUMN wanted jsonb;
      COMMENT ON COLUMN reservation.wanted IS 'of a rejected order, all that is kept of one that waits: it waits if it turns out to be sold';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reservation DROP wanted;
      ALTER TABLE awaited_order DROP paid;
    `);
  }
}
