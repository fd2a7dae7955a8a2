import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped, releaseRows, secureRows } from '../../../libs/database/row-security.ts';

/** The database itself keeps the rows of a facility from whoever may see those of others alone. */
export class SecureRows1764000002510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(facilities);
    const own = { grant: 'SELECT, INSERT' };
    await secureRows(runner, {
      contribution: own,
      lot: { grant: 'SELECT, INSERT, UPDATE (taken)' },
      maker: { grant: 'SELECT, INSERT, UPDATE (facility_id)' },
      maker_person: { grant: 'SELECT, INSERT, UPDATE (sealed, fingerprint, consent, is_child)' },
      product: {
        grant: 'SELECT, INSERT, UPDATE (facility_id, category, title_id, title_en, price, programme)',
        seen: 'true', // everybody may know what is for sale
      },
      stock_return: own,
    });
    await openToScoped(runner, { facility: 'SELECT', outbox: 'INSERT' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await releaseRows(runner);
    await runner.query(`
      ALTER TABLE maker_person DROP facility_id CASCADE; ALTER TABLE contribution DROP facility_id CASCADE;
      ALTER TABLE stock_return DROP facility_id CASCADE`);
  }
}

/** What belongs to a maker or a lot is of their facility. */
const facilities = `
  ALTER TABLE maker ADD UNIQUE (facility_id, maker_id);
  ALTER TABLE lot ADD UNIQUE (facility_id, lot_id);

  ALTER TABLE maker_person ADD facility_id text COLLATE "C";
  UPDATE maker_person SET facility_id = maker.facility_id FROM maker WHERE maker.maker_id = maker_person.maker_id;
  ALTER TABLE maker_person ALTER facility_id SET NOT NULL, DROP CONSTRAINT maker_person_maker_id_fkey,
    ADD FOREIGN KEY (facility_id, maker_id) REFERENCES maker (facility_id, maker_id) ON UPDATE CASCADE;
  ALTER TABLE contribution ADD facility_id text COLLATE "C";
  UPDATE contribution SET facility_id = lot.facility_id FROM lot WHERE lot.lot_id = contribution.lot_id;
  ALTER TABLE contribution ALTER facility_id SET NOT NULL, DROP CONSTRAINT contribution_lot_id_fkey,
    ADD FOREIGN KEY (facility_id, lot_id) REFERENCES lot (facility_id, lot_id);
  ALTER TABLE stock_return ADD facility_id text COLLATE "C";
  UPDATE stock_return SET facility_id = lot.facility_id FROM lot WHERE lot.lot_id = stock_return.lot_id;
  ALTER TABLE stock_return ALTER facility_id SET NOT NULL, DROP CONSTRAINT stock_return_lot_id_fkey,
    ADD FOREIGN KEY (facility_id, lot_id) REFERENCES lot (facility_id, lot_id);
`;
