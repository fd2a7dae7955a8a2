import type { Transaction } from '#libs/database';
import type { Head } from './hash-chain.ts';

type Query = Transaction['query'];

/** The ends of facilities' chains, which nobody else moves until the transaction ends. */
export class LockedHeads {
  /** By facility. */
  ends: ReadonlyMap<string, Head>;
  /** By facility: the instant at which what is posted now is recorded. */
  readonly recordedAt: ReadonlyMap<string, string>;

  constructor(ends: ReadonlyMap<string, Head>, recordedAt: ReadonlyMap<string, string>) {
    this.ends = ends;
    this.recordedAt = recordedAt;
  }

  /** Sets the new ends, compared with those that were locked. */
  async advance(query: Query, after: ReadonlyMap<string, Head>): Promise<void> {
    const before = this.ends;
    this.ends = after;
    const moved = [...after].filter(([facilityId, { number }]) => number !== before.get(facilityId)?.number);
    const set = await query(
      `UPDATE chain_head SET number = after.number, hash = decode(after.hash, 'hex'), recorded_at = after.instant
         FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[])
                AS after (facility, number, hash, previous, instant)
        WHERE facility_id = facility AND chain_head.hash IS NOT DISTINCT FROM decode(previous, 'hex')
        RETURNING 1`,
      [
        moved.map(([facilityId]) => facilityId),
        moved.map(([, { number }]) => number),
        moved.map(([, { hash }]) => hash),
        moved.map(([facilityId]) => before.get(facilityId)?.hash),
        moved.map(([facilityId]) => this.recordedAt.get(facilityId)),
      ],
    );
    if (set.length !== moved.length) throw new Error('the end of a chain moved while it was locked');
  }
}

/**
 * The ends of these facilities' chains: nobody else posts for them until the transaction ends.
 *
 * The instant is taken under the lock, is never before that of the journal before, and never on a day that is sealed,
 * even if the clock is set back. Whoever seals a day first waits for all who hold this table (seal.repository.ts), so
 * everything that is recorded on a day is there when it is sealed.
 */
export async function lockHeads(query: Query, facilityIds: readonly string[]): Promise<LockedHeads> {
  const facilities = [...new Set(facilityIds)];
  const lock = () =>
    query<Head & { facilityId: string; recordedAt: Date }>(
      `SELECT facility_id AS "facilityId", number, encode(hash, 'hex') AS hash,
              greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()),
                       (SELECT (max(sealed_on) + 1)::timestamp AT TIME ZONE 'Asia/Jakarta' FROM seal)) AS "recordedAt"
         FROM chain_head WHERE facility_id = ANY ($1) ORDER BY facility_id FOR UPDATE`,
      [facilities],
    );
  let rows = await lock();
  if (rows.length < facilities.length) {
    await query(
      `INSERT INTO chain_head (facility_id) SELECT id FROM unnest($1::text[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
      [facilities],
    );
    rows = await lock();
  }
  return new LockedHeads(
    new Map(rows.map(({ facilityId, number, hash }) => [facilityId, { number, hash }])),
    new Map(rows.map(({ facilityId, recordedAt }) => [facilityId, recordedAt.toISOString()])),
  );
}
