import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { withdrawConsents } from '../consents/consent.repository.ts';
import { PersonKeyRepository, type PersonKeys } from '../person-keys/person-key.repository.ts';
import { PersonalData } from '../person-keys/personal-data.ts';
import { noteStockChange } from '../reservations/stock-change.repository.ts';
import { beginVersions } from '../versions/version.repository.ts';
import type { Facility, ImportedRows, Maker, Product, RecordedLot, Stored, StoredMaker } from './catalogue-rows.ts';
import type { Changes } from './changes.ts';

/** Reads what an import must be compared with, and writes what it changes: one statement a table, whatever its size. */
@Injectable()
export class ImportRepository {
  constructor(
    private readonly personalData: PersonalData,
    private readonly keys: PersonKeyRepository,
  ) {}

  /** What is stored under the keys that the rows name. Another import waits until this transaction ends. */
  async stored(transaction: Transaction, rows: ImportedRows): Promise<Stored> {
    await transaction.elevated(() => transaction.query('LOCK TABLE facility IN SHARE ROW EXCLUSIVE MODE')); // readers go on
    const {
      'facilities.csv': facilities,
      'makers.csv': makers,
      'products.csv': products,
      'lots.csv': lots,
      'contributions.csv': contributions,
    } = rows;
    const ofLots = await this.#lots(transaction, namedIn('lot_id', lots, contributions));
    return {
      facilities: keyed(
        'facility_id',
        await transaction.query<Facility>('SELECT * FROM facility WHERE facility_id = ANY($1)', [
          [
            ...namedIn('facility_id', facilities, makers, products, lots),
            ...[...ofLots.values()].map((lot) => lot.facility_id),
          ],
        ]),
      ),
      makers: keyed(
        'maker_id',
        await transaction.query<StoredMaker & { maker_id: string }>(
          `SELECT maker_id, facility_id, fingerprint, is_child FROM maker LEFT JOIN maker_person USING (maker_id, facility_id)
           WHERE maker_id = ANY($1)`,
          [namedIn('maker_id', makers, contributions)],
        ),
      ),
      categories: new Set(
        (await transaction.query<{ category: string }>('SELECT category FROM category ORDER BY category')).map(
          ({ category }) => category,
        ),
      ),
      products: keyed(
        'sku',
        await transaction.query<Product & { has_lots: boolean }>(
          `SELECT *, EXISTS (SELECT FROM lot WHERE lot.sku = product.sku) AS has_lots FROM product
           WHERE sku = ANY($1)`,
          [namedIn('sku', products, lots)],
        ),
      ),
      lots: ofLots,
      persons: await this.keys.of(namedIn('maker_id', makers)),
    };
  }

  async #lots(transaction: Transaction, lotIds: string[]): Promise<Map<string, RecordedLot>> {
    const lots = await transaction.query<Omit<RecordedLot, 'contributions'> & { contributions: [string, string][] }>(
      `SELECT lot_id, sku, facility_id, quantity, unit_cost, made_on, measure,
              coalesce(jsonb_agg(jsonb_build_array(maker_id, trim_scale(value)::text)) FILTER (WHERE maker_id IS NOT NULL),
                       '[]') AS contributions
       FROM lot LEFT JOIN contribution USING (lot_id, facility_id) WHERE lot_id = ANY($1) GROUP BY lot_id`,
      [lotIds],
    );
    return keyed(
      'lot_id',
      lots.map((lot) => ({ ...lot, contributions: new Map(lot.contributions) })),
    );
  }

  /** @param withdrawn makers who have consented no longer do @param by person id */
  async save(
    transaction: Transaction,
    { facilities, makers, products, lots, recorded }: Changes,
    withdrawn: string[],
    by: string,
  ): Promise<void> {
    // Whoever imports rows of some facilities may not write this table at all.
    if (facilities.length > 0) {
      await transaction.query(
        `INSERT INTO facility SELECT * FROM jsonb_populate_recordset(NULL::facility, $1)
       ON CONFLICT (facility_id) DO UPDATE SET (name, type, class, region, timezone) =
         (excluded.name, excluded.type, excluded.class, excluded.region, excluded.timezone)`,
        [JSON.stringify(facilities)],
      );
    }
    await transaction.query(
      `INSERT INTO maker SELECT * FROM jsonb_populate_recordset(NULL::maker, $1)
       ON CONFLICT (maker_id) DO UPDATE SET facility_id = excluded.facility_id`,
      [JSON.stringify(makers)],
    );
    const { keys } = await this.keys.made(makers.map(({ maker_id }) => maker_id));
    await transaction.query(
      `INSERT INTO maker_person SELECT * FROM jsonb_populate_recordset(NULL::maker_person, $1)
       ON CONFLICT (maker_id) DO UPDATE SET (sealed, fingerprint, registration_index, is_child) =
         (excluded.sealed, excluded.fingerprint, excluded.registration_index, excluded.is_child)`,
      [JSON.stringify(makers.map((maker) => this.#person(maker, keys)))],
    );
    await transaction.elevated(() => withdrawConsents(transaction, withdrawn, by));
    await transaction.query(
      `INSERT INTO product SELECT * FROM jsonb_populate_recordset(NULL::product, $1)
       ON CONFLICT (sku) DO UPDATE SET (facility_id, category, title_id, title_en, price, programme, low_stock) =
         (excluded.facility_id, excluded.category, excluded.title_id, excluded.title_en, excluded.price,
          excluded.programme, excluded.low_stock)`,
      [JSON.stringify(products)],
    );
    await transaction.query(
      `INSERT INTO lot (lot_id, sku, facility_id, quantity, unit_cost, made_on, measure)
       SELECT lot_id, sku, facility_id, quantity, unit_cost, made_on, measure
       FROM jsonb_populate_recordset(NULL::lot, $1)`,
      [JSON.stringify(lots)],
    );
    await beginVersions(
      transaction,
      recorded.map(({ lot_id }) => lot_id),
      by,
      null,
    );
    await transaction.query(
      `UPDATE lot SET measure = told.measure FROM jsonb_to_recordset($1) AS told (lot_id text, measure text)
        WHERE lot.lot_id = told.lot_id`,
      [JSON.stringify(recorded)],
    );
    const skus = [...lots, ...products].map(({ sku }) => sku);
    await transaction.elevated(async () => noteStockChange(transaction, skus)); // whoever waits is of other facilities too
    await transaction.query('INSERT INTO contribution SELECT * FROM jsonb_populate_recordset(NULL::contribution, $1)', [
      JSON.stringify(
        [...lots, ...recorded].flatMap(({ lot_id, facility_id, contributions }) =>
          [...contributions].map(([maker_id, value]) => ({ lot_id, facility_id, maker_id, value })),
        ),
      ),
    ]);
  }

  #person(maker: Maker, keys: PersonKeys['keys']): Record<string, unknown> {
    const { maker_id, facility_id, is_child } = maker;
    const key = keys.get(maker_id);
    if (!key) throw new Error('erased while it was imported'); // nobody can: an erasure waits for imports
    const [index] = this.personalData.indexesOf(maker.registration_no);
    const [sealed, registration_index] = [key.sealIdentity(maker), index].map((bytes) => `\\x${bytes.toString('hex')}`);
    return { maker_id, facility_id, sealed, registration_index, fingerprint: key.fingerprintOf(maker), is_child };
  }
}

function keyed<Column extends string, Values extends { readonly [Key in Column]: string }>(
  column: Column,
  rows: readonly Values[],
): Map<string, Values> {
  return new Map(rows.map((row) => [row[column], row]));
}

/** Every key that stands in this column of any of the files. */
function namedIn<Column extends string>(
  column: Column,
  ...files: (readonly { readonly values: { readonly [Key in Column]: string | undefined } }[] | undefined)[]
): string[] {
  const keys = files.flatMap((rows = []) => rows.map(({ values }) => values[column]));
  return [...new Set(keys.filter((key) => key !== undefined))];
}
