import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { CategoryDto, CategoryView } from './category.dto.ts';

const CATEGORY = 'category, name_id AS "nameId", name_en AS "nameEn"';

@Injectable()
export class CategoryRepository {
  constructor(private readonly database: Database) {}

  list(): Promise<CategoryView[]> {
    return this.database.query(`SELECT ${CATEGORY} FROM category ORDER BY category`);
  }

  /** @returns the category as it is stored, which was there before with other names perhaps */
  async add({ category, nameId, nameEn }: CategoryDto): Promise<CategoryView> {
    await this.database.query(
      'INSERT INTO category (category, name_id, name_en) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [category, nameId, nameEn],
    );
    const [stored] = await this.database.query<CategoryView>(`SELECT ${CATEGORY} FROM category WHERE category = $1`, [
      category,
    ]);
    return stored as CategoryView;
  }
}
