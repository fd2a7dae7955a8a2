import { Injectable } from '@nestjs/common';
import { Database, elevated } from '#libs/database';
import type { ProductView } from './product.dto.ts';

@Injectable()
export class ProductRepository {
  constructor(private readonly database: Database) {}

  /** Products by SKU, after the one given. What is for sale, and how much of it, everybody may know. */
  list(
    { skus, facilityId }: { skus?: readonly string[] | undefined; facilityId?: string | undefined },
    after: string,
    limit: number,
  ): Promise<ProductView[]> {
    return elevated(() =>
      this.database.query(
        `SELECT sku, facility_id AS "facilityId", category, title_id AS "titleId", title_en AS "titleEn", price, programme,
              (SELECT coalesce(sum(quantity - taken), 0) FROM lot WHERE lot.sku = product.sku) AS available
       FROM product
       WHERE sku > $1 AND ($3::text[] IS NULL OR sku = ANY ($3)) AND ($4::text IS NULL OR facility_id = $4)
       ORDER BY sku LIMIT $2`,
        [after, limit, skus, facilityId],
      ),
    );
  }
}
