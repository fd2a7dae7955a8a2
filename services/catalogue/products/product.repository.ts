import { Injectable } from '@nestjs/common';
import { Database, elevated, facilitiesInScope } from '#libs/database';
import type { ProductQuery, ProductView } from './product.dto.ts';

const PRODUCT = `sku, facility_id AS "facilityId", category, title_id AS "titleId", title_en AS "titleEn", price,
  programme, available, low_stock AS "lowStock"`;
const STOCK = '(SELECT coalesce(sum(available), 0) AS available FROM lot WHERE lot.sku = product.sku) AS stock';

@Injectable()
export class ProductRepository {
  constructor(private readonly database: Database) {}

  /** Products by SKU, after the one given. What is for sale, and how much of it, everybody may know. */
  list(
    { skus, facilityId, low }: { skus?: readonly string[] | undefined } & Pick<ProductQuery, 'facilityId' | 'low'>,
    after: string,
    limit: number,
  ): Promise<ProductView[]> {
    return elevated(() =>
      this.database.query(
        `SELECT ${PRODUCT} FROM product CROSS JOIN LATERAL ${STOCK}
       WHERE sku > $1 AND ($3::text[] IS NULL OR sku = ANY ($3)) AND ($4::text IS NULL OR facility_id = $4)
         AND ($5::boolean IS NULL OR $5 = (available < low_stock))
       ORDER BY sku LIMIT $2`,
        [after, limit, skus, facilityId, low],
      ),
    );
  }

  /** @returns the product; undefined: there is none in the scope */
  async watch(sku: string, lowStock: number): Promise<ProductView | undefined> {
    const [product] = await this.database.query<ProductView>(
      `WITH watched AS (UPDATE product SET low_stock = $2
                         WHERE sku = $1 AND ($3::text[] IS NULL OR facility_id = ANY ($3)) RETURNING *)
       SELECT ${PRODUCT} FROM watched AS product CROSS JOIN LATERAL ${STOCK}`,
      [sku, lowStock, facilitiesInScope()],
    );
    return product;
  }
}
