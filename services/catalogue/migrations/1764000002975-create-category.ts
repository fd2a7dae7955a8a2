import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToScoped } from '../../../libs/database/row-security.ts';

/** Which categories there are is what somebody says, and not what a program knows. */
export class CreateCategory1764000002975 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE category (
        category text COLLATE "C" PRIMARY KEY,
        name_id text NOT NULL,
        name_en text NOT NULL
      );
      COMMENT ON TABLE category IS 'What products are, as marketplaces and reports tell them apart.';
      INSERT INTO category (category, name_id, name_en) VALUES
        ('agriculture', 'Pertanian', 'Agriculture'),
        ('craft', 'Kerajinan', 'Craft'),
        ('culinary', 'Kuliner', 'Culinary'),
        ('fashion', 'Busana', 'Fashion'),
        ('furniture', 'Mebel', 'Furniture'),
        ('services', 'Jasa', 'Services');
      ALTER TABLE product DROP CONSTRAINT product_category_check,
        ADD FOREIGN KEY (category) REFERENCES category;
    `);
    await openToScoped(runner, { category: 'SELECT' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE product DROP CONSTRAINT product_category_fkey,
        ADD CONSTRAINT product_category_check CHECK (category IN ('craft', 'culinary', 'fashion')) NOT VALID;
      DROP TABLE category`);
  }
}
