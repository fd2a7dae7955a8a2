import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import { MEASURES, type Sums, type Total } from './journal-totals.ts';

export type TotalKey = 'day' | 'month' | 'facility' | 'region' | 'sku' | 'maker' | 'channel';

/** Days of posting, both included; what is not said does not limit it. */
export interface AskedTotals {
  readonly facilities: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
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
  /** By whom the place of the feed in these facilities' chains is held. */
  async add(transaction: Transaction, totals: readonly Total[]): Promise<void> {
    if (totals.length === 0) return;
    const more = MEASURES.map((measure) => `${measure} = sales_total.${measure} + excluded.${measure}`).join(', ');
    await transaction.query(
      `INSERT INTO sales_total (facility_id, dimension, posted_on, key, ${MEASURES.join(', ')})
       SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::text[], ${MEASURES.map((_, index) => `$${index + 5}::bigint[]`).join(', ')})
       ON CONFLICT (facility_id, dimension, posted_on, key) DO UPDATE SET ${more}`,
      [
        totals.map(({ facilityId }) => facilityId),
        totals.map(({ dimension }) => dimension),
        totals.map(({ postedOn }) => postedOn),
        totals.map(({ key }) => key),
        ...MEASURES.map((measure) => totals.map((total) => total[measure])),
      ],
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
         LEFT JOIN feed_position AS position ON position.facility_id = facility
         JOIN journal ON journal.facility_id = facility AND chain_number = coalesce(position.number, 0) + 1`,
      [facilities],
    );
    return (row as { asOf: Date }).asOf;
  }
}
