import { Injectable } from '@nestjs/common';
import { Database, elevated, type Transaction } from '#libs/database';
import { type End, faultOf, type LinkedRead, linked, NO_READS, type PersonalRead } from './personal-read.ts';

const LOCK = 7_301_998_403;
const ROWS_AT_ONCE = 1_000;
export const READS_KEPT_DAYS = 1_826;
const DAY_MS = 86_400_000;

interface Row extends Omit<LinkedRead, 'read'>, Omit<PersonalRead, 'person'> {
  /** Null: it is emptied. */
  readonly person: string | null;
}

const COLUMNS =
  'number, at, person, client, route, purpose, maker_ids AS "makerIds", content_hash AS "contentHash", hash';

@Injectable()
export class PersonalReadRepository {
  constructor(private readonly database: Database) {}

  /** When it returns the read is committed, and only then may an answer name anybody. */
  async append(read: PersonalRead): Promise<void> {
    const work = async ({ query }: Transaction) => {
      await query('SELECT pg_advisory_xact_lock($1)', [LOCK]); // one chain
      const { number, at, contentHash, hash } = linked(await endOf(query), new Date(), read);
      await query(
        `INSERT INTO personal_read (number, at, person, client, route, purpose, maker_ids, content_hash, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [number, at, read.person, read.client, read.route, read.purpose, read.makerIds, contentHash, hash],
      );
    };
    await elevated(() => this.database.transaction(work));
  }

  /** Newest first, before the number given; with a maker, those that named it. */
  async list(before: number | undefined, limit: number, makerId: string | undefined): Promise<LinkedRead[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM personal_read
        WHERE ($1::bigint IS NULL OR number < $1) AND ($3::text IS NULL OR maker_ids @> ARRAY[$3])
        ORDER BY number DESC LIMIT $2`,
      [before ?? null, limit, makerId ?? null],
    );
    return rows.map(linkOf);
  }

  end(): Promise<End> {
    return endOf((sql) => this.database.query(sql));
  }

  /** @param kept ends that were written down elsewhere @returns what is wrong, in words; at most one thing a link */
  async faults(kept: readonly { readonly number: number; readonly hash: string }[] = []): Promise<string[]> {
    const found: string[] = [];
    const emptiedBefore = new Date(Date.now() - READS_KEPT_DAYS * DAY_MS);
    const missing = new Map(kept.map(({ number, hash }) => [number, hash]));
    let end = NO_READS;
    for (;;) {
      const rows = await this.database.query<Row>(
        `SELECT ${COLUMNS} FROM personal_read WHERE number > $1 ORDER BY number LIMIT $2`,
        [end.number, ROWS_AT_ONCE],
      );
      for (const link of rows.map(linkOf)) {
        const fault = faultOf(end, link, emptiedBefore);
        if (fault !== undefined) found.push(fault);
        const said = missing.get(link.number);
        if (said !== undefined && said !== link.hash.toString('hex'))
          found.push(`read ${link.number} is not the one kept`);
        missing.delete(link.number);
        end = link;
      }
      if (rows.length < ROWS_AT_ONCE) break;
    }
    return [...found, ...[...missing.keys()].map((number) => `read ${number}, which was kept, is missing`)];
  }
}

async function endOf(query: <Of>(sql: string) => Promise<Of[]>): Promise<End> {
  const [last] = await query<End>('SELECT number, hash FROM personal_read ORDER BY number DESC LIMIT 1');
  return last ?? NO_READS;
}

function linkOf({ number, at, contentHash, hash, person, client, route, purpose, makerIds }: Row): LinkedRead {
  const read = person === null ? null : { person, client, route, purpose, makerIds };
  return { number, at, read, contentHash, hash };
}
