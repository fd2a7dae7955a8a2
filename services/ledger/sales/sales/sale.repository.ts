import { Injectable } from '@nestjs/common';
import type { Database, Transaction } from '#libs/database';
import type { Sale } from './sale.ts';

const OPEN = `CASE WHEN open_settlement IS NOT NULL
  THEN json_build_object('settlementId', open_settlement, 'tolerance', tolerance) END AS open`;
const DISPUTES = 'FROM sale_dispute WHERE sale_dispute.sale_id = sale.sale_id';
const IS_FROZEN = `EXISTS (SELECT ${DISPUTES} AND closed_at IS NULL)`;

type Row = Omit<Sale, 'releaseAt' | 'thawedAt'> & { readonly [At in 'releaseAt' | 'thawedAt']: Date | null };

/** A sale as it is posted. */
type SoldSale = Omit<Sale, 'postedOn' | 'open' | 'releasedBy' | 'frozen' | 'thawedAt' | 'correlationId'> & {
  /** ISO 8601: when its channel is to have paid it out; null: its terms do not say. */
  readonly settlesBy: string | null;
};

@Injectable()
export class SaleRepository {
  async add(transaction: Transaction, sales: readonly SoldSale[]): Promise<void> {
    if (sales.length === 0) return;
    transaction.write(
      `INSERT INTO sale (sale_id, facility_id, channel, journal_id, receivable, fees, shipping, release_at, settles_by)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[],
                            $8::timestamptz[], $9::timestamptz[])`,
      [
        sales.map(({ saleId }) => saleId),
        sales.map(({ facilityId }) => facilityId),
        sales.map(({ channel }) => channel),
        sales.map(({ journalId }) => journalId),
        sales.map(({ held }) => held.receivable),
        sales.map(({ held }) => held.fees),
        sales.map(({ held }) => held.shipping),
        sales.map(({ releaseAt }) => releaseAt),
        sales.map(({ settlesBy }) => settlesBy),
      ],
    );
  }

  /** Those of these sales that exist, by id; nobody else posts about them until the transaction ends. */
  async lock(transaction: Transaction, saleIds: readonly string[]): Promise<Map<string, Sale>> {
    const rows = await transaction.query<Row>(
      `SELECT sale_id AS "saleId", sale.facility_id AS "facilityId", channel, sale.journal_id AS "journalId", posted_on AS "postedOn",
              json_build_object('receivable', receivable, 'fees', fees, 'shipping', shipping) AS held,
              ${OPEN},
              release_at AS "releaseAt", released_by AS "releasedBy",
              ${IS_FROZEN} AS frozen, (SELECT max(closed_at) ${DISPUTES}) AS "thawedAt",
              correlation_id AS "correlationId"
         FROM sale
         JOIN journal ON journal.journal_id = sale.journal_id
        WHERE sale_id = ANY ($1::text[])
        ORDER BY sale_id
          FOR UPDATE OF sale`,
      [saleIds],
    );
    return new Map(
      rows.map(({ releaseAt, thawedAt, ...row }) => [
        row.saleId,
        { ...row, releaseAt: releaseAt?.toISOString() ?? null, thawedAt: thawedAt?.toISOString() ?? null },
      ]),
    );
  }

  async find(
    reader: Pick<Transaction, 'query'>,
    saleId: string,
  ): Promise<Pick<Sale, 'facilityId' | 'open'> | undefined> {
    const [sale] = await reader.query<Pick<Sale, 'facilityId' | 'open'>>(
      `SELECT facility_id AS "facilityId", ${OPEN} FROM sale WHERE sale_id = $1`,
      [saleId],
    );
    return sale;
  }

  async save(transaction: Transaction, sales: readonly Sale[]): Promise<void> {
    if (sales.length === 0) return;
    transaction.write(
      `UPDATE sale
          SET receivable = changed.receivable, fees = changed.fees, shipping = changed.shipping,
              released_by = changed.released_by, open_settlement = changed.settlement, tolerance = changed.tolerance
         FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::bigint[])
                AS changed (id, receivable, fees, shipping, released_by, settlement, tolerance)
        WHERE sale_id = id`,
      [
        sales.map(({ saleId }) => saleId),
        sales.map(({ held }) => held.receivable),
        sales.map(({ held }) => held.fees),
        sales.map(({ held }) => held.shipping),
        sales.map(({ releasedBy }) => releasedBy),
        sales.map(({ open }) => open?.settlementId),
        sales.map(({ open }) => open?.tolerance),
      ],
    );
  }

  /** Some of the sales whose return window is over, that are not disputed and not released. Not locked: somebody may be at it. */
  due(database: Database, now: Date, limit: number): Promise<{ saleId: string; facilityId: string }[]> {
    return database.query(
      `SELECT sale_id AS "saleId", facility_id AS "facilityId" FROM sale
        WHERE released_by IS NULL AND release_at <= $1 AND NOT ${IS_FROZEN}
        ORDER BY release_at LIMIT $2`,
      [now, limit],
    );
  }
}
