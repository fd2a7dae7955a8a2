import { Injectable } from '@nestjs/common';
import { Database, elevated } from '#libs/database';
import type { ProductView } from './product.dto.ts';

@Injectable()
export class ProductRepository {
  constructor(private readonly database: Database) {}

  /** Products by SKU, after the one given. What is for sale, and how much of it, everybody may know. */
  list(after: string, limit: number): Promise<ProductView[]> {
    return elevated(() =>
      this.database.query(
        `SELECT sku, facility_id AS "facilityId", category, title_id AS "titleId", title_en AS "titleEn", price, programme,
              (SELECT coalesce(sum(quantity - taken), 0) FROM lot WHERE lot.sku = product.sku) AS available
       FROM product WHERE sku > $1 ORDER BY sku LIMIT $2`,
        [after, limit],
      ),
    );
  }
}
