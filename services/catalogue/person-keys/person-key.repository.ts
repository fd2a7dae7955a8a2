import { Inject, Injectable } from '@nestjs/common';
import { configuredUrl, Database } from '#libs/database';
import { CreatePersonKey1764000002700 } from '../migrations/1764000002700-create-person-key.ts';
import { PersonalData, type PersonKey } from './personal-data.ts';

/** The database of keys: `PERSONAL_KEYS_DATABASE_URL`. */
export const KEY_DATABASE = Symbol('database of keys');

/** Environment: PERSONAL_KEYS_DATABASE_URL, PERSONAL_KEYS_MIGRATION_DATABASE_URL (its owner). */
export function openKeyDatabase(): Promise<Database> {
  const url = configuredUrl('PERSONAL_KEYS_DATABASE_URL');
  if (!url)
    throw new Error('PERSONAL_KEYS_DATABASE_URL is not set: a database for the keys of persons, and nothing else');
  return Database.open(url, [CreatePersonKey1764000002700], configuredUrl('PERSONAL_KEYS_MIGRATION_DATABASE_URL'));
}

/** Of some makers: their keys, and whose are gone for good. Who is in neither has none yet. */
export interface PersonKeys {
  readonly keys: ReadonlyMap<string, PersonKey>;
  readonly erased: ReadonlySet<string>;
}

const ROWS_AT_ONCE = 1_000;

@Injectable()
export class PersonKeyRepository {
  constructor(
    @Inject(KEY_DATABASE) private readonly database: Database,
    private readonly personalData: PersonalData,
  ) {}

  async of(makerIds: readonly string[]): Promise<PersonKeys> {
    const rows = await this.database.query<{ maker_id: string; wrapped: Buffer | null }>(
      'SELECT maker_id, wrapped FROM person_key WHERE maker_id = ANY($1)',
      [makerIds],
    );
    return {
      keys: new Map(
        rows.flatMap(({ maker_id: makerId, wrapped }) =>
          wrapped ? [[makerId, this.personalData.unwrap(makerId, wrapped)] as const] : [],
        ),
      ),
      erased: new Set(rows.filter(({ wrapped }) => wrapped === null).map(({ maker_id }) => maker_id)),
    };
  }

  /** As `of`; who has none yet gets one, which is committed before anything can be sealed under it. */
  async made(makerIds: readonly string[]): Promise<PersonKeys> {
    await this.database.query(
      `INSERT INTO person_key (maker_id, wrapped)
       SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT (maker_id) DO NOTHING`,
      [makerIds, makerIds.map((makerId) => this.personalData.newKey(makerId))],
    );
    return this.of(makerIds);
  }

  /** @returns since when nobody can open what is sealed under it */
  async erase(makerId: string): Promise<Date> {
    const [row] = await this.database.query<{ erased_at: Date }>(
      `INSERT INTO person_key (maker_id, erased_at) VALUES ($1, clock_timestamp())
       ON CONFLICT (maker_id) DO UPDATE SET wrapped = NULL, erased_at = coalesce(person_key.erased_at, excluded.erased_at)
       RETURNING erased_at`,
      [makerId],
    );
    return (row as { erased_at: Date }).erased_at;
  }

  /** Wraps all keys by the current one. A key that is erased meanwhile stays so. @returns how many were not */
  async rewrap(): Promise<number> {
    let count = 0;
    for (let after: string | undefined = ''; after !== undefined; ) {
      const rows: { maker_id: string; wrapped: Buffer }[] = await this.database.query(
        'SELECT maker_id, wrapped FROM person_key WHERE maker_id > $1 AND wrapped IS NOT NULL ORDER BY maker_id LIMIT $2',
        [after, ROWS_AT_ONCE],
      );
      for (const { maker_id: makerId, wrapped } of rows) {
        const anew = this.personalData.rewrapped(makerId, wrapped);
        if (!anew) continue;
        const swapped = await this.database.query(
          'UPDATE person_key SET wrapped = $3 WHERE maker_id = $1 AND wrapped = $2 RETURNING 1',
          [makerId, wrapped, anew],
        );
        count += swapped.length;
      }
      after = rows.at(-1)?.maker_id;
    }
    return count;
  }
}
