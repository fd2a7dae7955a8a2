import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Snapshot } from '../../books/snapshot.repository.ts';

export type TotalKey = 'day' | 'month' | 'facility' | 'region' | 'sku' | 'maker' | 'channel';

/** Whole rupiah, but `sales` and `units`. */
export interface Sums {
  readonly sales: number;
  readonly units: number;
  readonly sold: number;
  readonly refunded: number;
  readonly fees: number;
  readonly shipping: number;
  readonly tax: number;
  readonly cost: number;
  readonly makers: number;
  readonly facility: number;
  readonly state: number;
  readonly beneficiaries: number;
  readonly suspense: number;
}

/** Days of posting, both included; what is not said does not limit it. */
export interface AskedTotals {
  readonly facilities: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const MEASURES = [
  ...['sales', 'units', 'sold', 'refunded', 'fees', 'shipping', 'tax', 'cost', 'makers', 'facility', 'state'],
  ...['beneficiaries', 'suspense'],
];

/** What of each facility's chain is added up next: after one number, until another. */
interface Part {
  readonly facilityId: string;
  readonly after: number;
  readonly until: number;
  /** End of the chain. */
  readonly end: number;
}

/** SQL: by which rows of sales_total, and what of each is the key. */
const keys: Readonly<Record<TotalKey, { readonly dimension: 'channel' | 'sku' | 'maker'; readonly key: string }>> = {
  day: { dimension: 'channel', key: 'posted_on::text' },
  month: { dimension: 'channel', key: `to_char(posted_on, 'YYYY-MM')` },
  facility: { dimension: 'channel', key: 'facility_id' },
  region: { dimension: 'channel', key: '(SELECT region FROM facility WHERE facility.facility_id = total.facility_id)' },
  sku: { dimension: 'sku', key: 'key' },
  maker: { dimension: 'maker', key: 'key' },
  channel: { dimension: 'channel', key: 'key' },
};

const TOTALS = `
  (SELECT * FROM sales_total
    WHERE facility_id = ANY ($1) AND dimension = $4
      AND ($2::date IS NULL OR posted_on >= $2) AND ($3::date IS NULL OR posted_on <= $3)) AS total`;

const SUMS = MEASURES.map((measure) => `coalesce(sum(total.${measure}), 0)::bigint AS ${measure}`).join(', ');

@Injectable()
export class TotalRepository {
  /**
   * Facilities with journals that are not added up yet, and so many of these. Until the transaction ends nobody else adds
   * them up; those of which somebody does are left out.
   */
  async claim(transaction: Transaction, facilitiesMax: number, journalsMax: number): Promise<Part[]> {
    await transaction.query(
      `INSERT INTO sales_total_position (facility_id)
       SELECT facility_id FROM chain_head AS head
        WHERE number > 0 AND NOT EXISTS (SELECT FROM sales_total_position AS known WHERE known.facility_id = head.facility_id)
       ON CONFLICT DO NOTHING`,
    );
    const behind = await transaction.query<Omit<Part, 'until'>>(
      `SELECT facility_id AS "facilityId", position.number AS after, chain_head.number AS "end"
         FROM sales_total_position AS position JOIN chain_head USING (facility_id)
        WHERE chain_head.number > position.number
        LIMIT $1 FOR UPDATE OF position SKIP LOCKED`,
      [facilitiesMax],
    );
    const ofEach = Math.ceil(journalsMax / behind.length);
    return behind.map((part) => ({ ...part, until: Math.min(part.end, part.after + ofEach) }));
  }

  async add(transaction: Transaction, parts: readonly Part[]): Promise<void> {
    const more = MEASURES.map((measure) => `${measure} = sales_total.${measure} + excluded.${measure}`).join(', ');
    await transaction.query(
      `INSERT INTO sales_total SELECT * FROM sales_of_journals($1, $2, $3)
       ON CONFLICT (facility_id, dimension, posted_on, key) DO UPDATE SET ${more}`,
      [parts.map(({ facilityId }) => facilityId), parts.map(({ after }) => after), parts.map(({ until }) => until)],
    );
    await transaction.query(
      `UPDATE sales_total_position SET number = added.until
         FROM unnest($1::text[], $2::bigint[]) AS added (facility, until) WHERE facility_id = facility`,
      [parts.map(({ facilityId }) => facilityId), parts.map(({ until }) => until)],
    );
  }

  /** By key; or the largest first, by what was sold or, of makers, what they got. */
  by(
    snapshot: Snapshot,
    by: TotalKey,
    { facilities, from, to }: AskedTotals,
    { order, limit }: { readonly order: 'key' | 'amount'; readonly limit: number },
  ): Promise<(Sums & { readonly key: string | null; readonly count: number })[]> {
    const { dimension, key } = keys[by];
    const largest = dimension === 'maker' ? 'makers' : 'sold';
    return snapshot.query(
      `SELECT ${key} AS key, ${SUMS}, count(*) OVER () AS count
         FROM ${TOTALS} GROUP BY 1 ORDER BY ${order === 'key' ? '' : `sum(total.${largest}) DESC, `}1 LIMIT $5`,
      [facilities, from, to, dimension, limit],
    );
  }

  async all(snapshot: Snapshot, { facilities, from, to }: AskedTotals): Promise<Sums> {
    const [sums] = await snapshot.query<Sums>(`SELECT ${SUMS} FROM ${TOTALS}`, [facilities, from, to, 'channel']);
    return sums as Sums;
  }

  /** All that was recorded before this instant is in; it is now if nothing waits to be added up. */
  async asOf(snapshot: Snapshot, facilities: readonly string[]): Promise<Date> {
    const [row] = await snapshot.query<{ asOf: Date }>(
      `SELECT coalesce(min(recorded_at), now()) AS "asOf"
         FROM unnest($1::text[]) AS asked (facility)
         LEFT JOIN sales_total_position AS position ON position.facility_id = facility
         JOIN journal ON journal.facility_id = facility AND chain_number = coalesce(position.number, 0) + 1`,
      [facilities],
    );
    return (row as { asOf: Date }).asOf;
  }
}
