import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each facility has sold, as it is listed. */
export class CreateSale1764000002810 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sale (
        order_id    text COLLATE "C" NOT NULL,
        facility_id text COLLATE "C" NOT NULL,
        channel     text COLLATE "C" NOT NULL GENERATED ALWAYS AS (split_part(order_id, '/', 1)) STORED,
        placed_at   timestamptz NOT NULL,
        status      text COLLATE "C" NOT NULL CHECK (status IN ('paid', 'credited', 'settled')),
        skus        text[] COLLATE "C" NOT NULL,
        price       bigint NOT NULL CHECK (price >= 0),
        refunded    bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND price),
        PRIMARY KEY (order_id, facility_id)
      );
      COMMENT ON TABLE sale IS 'Part of a paid order that one facility made: what the books are told of. Amounts in whole rupiah.';

      INSERT INTO sale (order_id, facility_id, placed_at, status, skus, price, refunded)
      SELECT order_id, facility_id, placed_at,
             CASE WHEN status = 'paid' AND state -> 'uncredited' ? facility_id THEN 'paid'
                  WHEN EXISTS (SELECT FROM jsonb_array_elements(state -> 'settlements') AS settlement
                                WHERE settlement ->> 'status' = 'settled'
                                  AND coalesce(settlement ->> 'facilityId', facility_id) = facility_id) THEN 'settled'
                  ELSE 'credited'
             END,
             array_agg(DISTINCT sku), sum(price), coalesce(sum(refunded), 0)
        FROM order_process JOIN "order" USING (order_id)
        CROSS JOIN LATERAL (
          SELECT reserved ->> 'facilityId' AS facility_id, line ->> 'sku' AS sku,
                 (line ->> 'quantity')::bigint * (line ->> 'unitPrice')::bigint - (line ->> 'discount')::bigint AS price,
                 (SELECT sum((refund ->> 'amount')::bigint) FROM jsonb_array_elements(state -> 'refunds') AS refund
                   WHERE refund ->> 'lineRef' = line ->> 'lineRef' AND refund ->> 'status' IN ('returned', 'posted')) AS refunded
            FROM reservation
            CROSS JOIN jsonb_array_elements(reservation.lines) AS reserved
            JOIN jsonb_array_elements("order".lines) AS line ON line ->> 'lineRef' = reserved ->> 'lineRef'
           WHERE reservation.order_id = order_process.order_id
        ) AS sold
       WHERE status IN ('paid', 'credited', 'refunded')
       GROUP BY order_id, facility_id, placed_at, status, state;

      CREATE INDEX sale_by_channel ON sale (channel, status, placed_at, order_id, facility_id);
      CREATE INDEX sale_by_facility ON sale (facility_id, channel, status, placed_at, order_id);
      CREATE INDEX sale_by_sku ON sale USING gin (skus) WITH (gin_pending_list_limit = 256);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sale');
  }
}
