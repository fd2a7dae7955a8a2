import { Injectable } from '@nestjs/common';
import { Database, elevated, type Transaction } from '#libs/database';
import { ConsentRepository } from '../consents/consent.repository.ts';
import { PersonKeyRepository } from '../person-keys/person-key.repository.ts';
import { PersonalData } from '../person-keys/personal-data.ts';
import type { PersonView } from './person.dto.ts';
import type { NameReader } from './reader.decorator.ts';

interface Sealed {
  readonly maker_id: string;
  readonly facility_id: string;
  readonly sealed: Buffer;
  readonly is_child: boolean;
}

export interface Sought {
  readonly makerIds?: readonly string[];
  readonly registrationNo?: string;
  readonly facilityId?: string;
}

const ROWS_AT_ONCE = 500;

@Injectable()
export class PersonRepository {
  constructor(
    private readonly database: Database,
    private readonly keys: PersonKeyRepository,
    private readonly personalData: PersonalData,
    private readonly consents: ConsentRepository,
  ) {}

  /** Opened, for who may read them; whose key is gone is nobody. Nothing of it may leave before the read is written down. */
  async open(
    { officerOf, adultsOf }: NameReader,
    { makerIds, registrationNo, facilityId }: Sought,
  ): Promise<PersonView[]> {
    const indexes = registrationNo === undefined ? null : this.personalData.indexesOf(registrationNo);
    const rows = await this.database.query<Sealed>(
      `SELECT maker_id, facility_id, sealed, is_child FROM maker_person
        WHERE ($1::text[] IS NULL OR maker_id = ANY ($1)) AND ($2::bytea[] IS NULL OR registration_index = ANY ($2))
          AND ($3::text IS NULL OR facility_id = $3)
          AND (facility_id = ANY ($4) OR NOT is_child AND ($5::text[] IS NULL OR facility_id = ANY ($5)))
        ORDER BY maker_id`,
      [makerIds ?? null, indexes, facilityId ?? null, officerOf, adultsOf],
    );
    const ids = rows.map(({ maker_id }) => maker_id);
    const [{ keys, erased }, consenting] = await Promise.all([
      this.keys.of(ids),
      elevated(() => this.consents.of(ids)),
    ]);
    return rows
      .filter(({ maker_id }) => !erased.has(maker_id))
      .map(({ maker_id: makerId, facility_id, sealed, is_child: isChild }) => {
        const { identity } = this.personalData.open(makerId, sealed, keys.get(makerId));
        return {
          ...{ makerId, facilityId: facility_id, registrationNo: identity.registration_no, name: identity.name },
          ...{ displayName: identity.display_name, isChild, consent: consenting.has(makerId) && !isChild },
        };
      });
  }

  /**
   * Seals anew, each person under a key of its own, what was sealed before there were such keys, and makes all indexes
   * with the current key. What an import has written meanwhile is newer and stays. @returns how many
   */
  async reseal(): Promise<number> {
    let count = 0;
    for (let after: string | undefined = ''; after !== undefined; ) {
      const rows: (Sealed & { registration_index: Buffer | null })[] = await this.database.query(
        'SELECT maker_id, sealed, registration_index FROM maker_person WHERE maker_id > $1 ORDER BY maker_id LIMIT $2',
        [after, ROWS_AT_ONCE],
      );
      const { keys } = await this.keys.made(rows.map(({ maker_id }) => maker_id));
      for (const { maker_id: makerId, sealed, registration_index: index } of rows) {
        const key = keys.get(makerId);
        if (!key) continue; // erased
        const { identity, isUnderOwnKey } = this.personalData.open(makerId, sealed, key);
        const [current] = this.personalData.indexesOf(identity.registration_no);
        if (isUnderOwnKey && index && current.equals(index)) continue;
        const written = await this.database.query(
          `UPDATE maker_person SET sealed = $3, registration_index = $4, fingerprint = CASE WHEN $5 THEN fingerprint ELSE '' END
            WHERE maker_id = $1 AND sealed = $2 RETURNING 1`,
          [makerId, sealed, key.sealIdentity(identity), current, isUnderOwnKey],
        );
        count += written.length;
      }
      after = rows.at(-1)?.maker_id;
    }
    return count;
  }
}

/** Deletes what is kept of who a maker is; the pseudonym stays. */
export async function forget({ query }: Pick<Transaction, 'query'>, makerId: string): Promise<void> {
  await query('DELETE FROM maker_person WHERE maker_id = $1', [makerId]);
}
