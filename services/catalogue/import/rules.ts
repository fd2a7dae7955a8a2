import { type Scalar, type Sentence, UNALLOCATED } from '#libs/contracts';
import { sentenceAbout } from '#libs/tables';
import type { CatalogueFile } from './catalogue-files.ts';
import type { Contribution, ImportedRows, ImportFault, RecordedLot, Row, Stored } from './catalogue-rows.ts';

/** Everything in the rows that forbids the import, given what is stored. */
export function faultsOf(rows: ImportedRows, stored: Stored): ImportFault[] {
  const after = afterImport(rows, stored);
  return [
    ...duplicates(rows, 'facilities.csv', 'facility_id'),
    ...duplicates(rows, 'makers.csv', 'maker_id'),
    ...duplicates(rows, 'products.csv', 'sku'),
    ...duplicates(rows, 'lots.csv', 'lot_id'),
    ...duplicates(rows, 'contributions.csv', 'maker_id', 'lot_id'),
    ...reservedFacilities(rows),
    ...erasedMakers(rows, stored),
    ...unknownFacilities(rows, 'makers.csv', after),
    ...unknownFacilities(rows, 'products.csv', after),
    ...unknownCategories(rows, stored),
    ...productsThatMove(rows, stored),
    ...costlyLots(rows),
    ...misplacedLots(rows, stored, after),
    ...changedLots(rows, stored),
    ...misplacedContributions(rows, stored, after),
    ...changedContributions(rows, stored),
  ];
}

/** Who exists once the rows are in, and where; the facility is undefined where it could not be read. */
interface AfterImport {
  readonly facilities: ReadonlyMap<string, unknown>;
  readonly makers: ReadonlyMap<string, InFacility>;
  readonly products: ReadonlyMap<string, InFacility>;
  readonly lots: ReadonlyMap<string, InFacility>;
}
interface InFacility {
  readonly facility_id: string | undefined;
}

function afterImport(rows: ImportedRows, stored: Stored): AfterImport {
  const merged = <Values>(before: ReadonlyMap<string, Values>, imported: Iterable<readonly [string, Values]>) =>
    new Map([...before, ...imported]);
  return {
    facilities: merged<unknown>(stored.facilities, byKey(rows['facilities.csv'], 'facility_id')),
    makers: merged<InFacility>(stored.makers, byKey(rows['makers.csv'], 'maker_id')),
    products: merged<InFacility>(stored.products, byKey(rows['products.csv'], 'sku')),
    lots: merged<InFacility>(stored.lots, byKey(rows['lots.csv'], 'lot_id')),
  };
}

function byKey<Values>(rows: readonly Row<Values>[] = [], column: keyof Values): [string, Row<Values>['values']][] {
  return rows.flatMap(({ values }) => {
    const key = values[column];
    return key === undefined ? [] : [[String(key), values]];
  });
}

/** The value at fault, and what is wrong with it. */
function about(value: unknown, en: string, id: string): Sentence {
  return sentenceAbout(String(value as Scalar), { id, en });
}

/** A key is one column, or that column among the rows that agree in the others. */
function* duplicates(
  rows: ImportedRows,
  file: CatalogueFile,
  column: string,
  ...others: string[]
): Iterable<ImportFault> {
  const firstRow = new Map<string, number>();
  for (const { number, values } of rows[file] ?? []) {
    const parts = [column, ...others].map((each) => (values as Record<string, unknown>)[each]);
    if (parts.includes(undefined)) continue;
    const key = JSON.stringify(parts);
    const first = firstRow.get(key);
    if (first === undefined) firstRow.set(key, number);
    else {
      const message = about(parts[0], `is in row ${first} already`, `sudah ada di baris ${first}`);
      yield { file, row: number, column, reason: 'duplicate', message };
    }
  }
}

/** The books have a book for what is of no facility, under the id that none may have. */
function* reservedFacilities(rows: ImportedRows): Iterable<ImportFault> {
  const file = 'facilities.csv';
  for (const { number: row, values } of rows[file] ?? []) {
    if (values.facility_id !== UNALLOCATED) continue;
    const message = about(UNALLOCATED, 'stands for no facility', 'berarti bukan satuan kerja mana pun');
    yield { file, row, column: 'facility_id', reason: 'reserved', message };
  }
}

/** Files of before an erasure would bring back who was forgotten. */
function* erasedMakers(rows: ImportedRows, { persons }: Stored): Iterable<ImportFault> {
  const file = 'makers.csv';
  for (const { number: row, values } of rows[file] ?? []) {
    if (values.maker_id === undefined || !persons.erased.has(values.maker_id)) continue;
    const message = about(
      values.maker_id,
      'was erased for good; take the row out of the file',
      'sudah dihapus selamanya; keluarkan baris ini dari berkas',
    );
    yield { file, row, column: 'maker_id', reason: 'erased', message };
  }
}

function* unknownFacilities(
  rows: ImportedRows,
  file: 'makers.csv' | 'products.csv',
  after: AfterImport,
): Iterable<ImportFault> {
  for (const { number: row, values } of rows[file] ?? []) {
    const { facility_id } = values;
    if (facility_id !== undefined && !after.facilities.has(facility_id)) {
      yield { file, row, column: 'facility_id', reason: 'unknown-facility', message: notAFacility(facility_id) };
    }
  }
}

function* unknownCategories(rows: ImportedRows, { categories }: Stored): Iterable<ImportFault> {
  const file = 'products.csv';
  for (const { number: row, values } of rows[file] ?? []) {
    const { category } = values;
    if (category === undefined || categories.has(category)) continue;
    const known = [...categories].join(', ');
    const message = about(category, `must be one of ${known}`, `harus salah satu dari ${known}`);
    yield { file, row, column: 'category', reason: 'unknown-category', message };
  }
}

function notAFacility(facilityId: string): Sentence {
  return about(facilityId, 'is not a facility', 'bukan satuan kerja yang dikenal');
}

/** A lot's facility is its product's, and a lot does not change. */
function* productsThatMove(rows: ImportedRows, stored: Stored): Iterable<ImportFault> {
  for (const { number: row, values } of rows['products.csv'] ?? []) {
    const before = values.sku === undefined ? undefined : stored.products.get(values.sku);
    if (before?.has_lots && values.facility_id !== undefined && values.facility_id !== before.facility_id) {
      const message = about(
        values.facility_id,
        `must stay ${before.facility_id}, where lots of this product were made`,
        `harus tetap ${before.facility_id}, tempat lot barang ini dibuat`,
      );
      yield { file: 'products.csv', row, column: 'facility_id', reason: 'product-has-lots', message };
    }
  }
}

/** What a whole lot cost is an amount too: else what is sold of it could not be booked. */
function* costlyLots(rows: ImportedRows): Iterable<ImportFault> {
  for (const { number: row, values } of rows['lots.csv'] ?? []) {
    const { quantity, unit_cost } = values;
    if (quantity === undefined || unit_cost === undefined || Number.isSafeInteger(quantity * unit_cost)) continue;
    const message = about(
      unit_cost,
      'must be at most 2^53-1 rupiah for all pieces together',
      'paling besar 2^53-1 rupiah untuk semua barang bersama',
    );
    yield { file: 'lots.csv', row, column: 'unit_cost', reason: 'invalid', message };
  }
}

function mustStay(value: Scalar, before: Scalar): Sentence {
  return about(value, `must stay ${before}`, `harus tetap ${before}`);
}

/** New lots; one that is stored is where it should be, and stays. */
function* misplacedLots(rows: ImportedRows, stored: Stored, after: AfterImport): Iterable<ImportFault> {
  const file = 'lots.csv';
  for (const { number: row, values } of rows[file] ?? []) {
    const { lot_id, sku, facility_id } = values;
    if (lot_id !== undefined && stored.lots.has(lot_id)) continue;
    const product = sku === undefined ? undefined : after.products.get(sku);
    if (sku !== undefined && product === undefined) {
      const message = about(sku, 'is not a product', 'bukan barang yang dikenal');
      yield { file, row, column: 'sku', reason: 'unknown-sku', message };
    }
    if (facility_id !== undefined && !after.facilities.has(facility_id)) {
      yield { file, row, column: 'facility_id', reason: 'unknown-facility', message: notAFacility(facility_id) };
    } else if (product && isElsewhere(values, product)) {
      const message = about(
        facility_id,
        `must be ${product.facility_id}, the facility of the product`,
        `harus ${product.facility_id}, satuan kerja barang ini`,
      );
      yield { file, row, column: 'facility_id', reason: 'other-facility', message };
    }
  }
}

function isElsewhere(one: InFacility, other: InFacility): boolean {
  const bothRead = one.facility_id !== undefined && other.facility_id !== undefined;
  return bothRead && one.facility_id !== other.facility_id;
}

function* changedLots(rows: ImportedRows, stored: Stored): Iterable<ImportFault> {
  for (const { number: row, values } of rows['lots.csv'] ?? []) {
    const before = values.lot_id === undefined ? undefined : stored.lots.get(values.lot_id);
    if (before === undefined) continue;
    for (const column of ['sku', 'facility_id', 'quantity', 'unit_cost', 'made_on'] as const) {
      if (values[column] !== undefined && values[column] !== before[column]) {
        const message = mustStay(values[column], before[column]);
        yield { file: 'lots.csv', row, column, reason: 'lot-changed', message };
      }
    }
  }
}

/** Contributions to lots that have none; those of others stay as they are, wherever their makers are by now. */
function* misplacedContributions(rows: ImportedRows, stored: Stored, after: AfterImport): Iterable<ImportFault> {
  const file = 'contributions.csv';
  for (const [lotId, contributions] of contributionsByLot(rows)) {
    const before = stored.lots.get(lotId);
    if (before && (before.contributions.size > 0 || recordsNobody(contributions))) continue;
    const lot = after.lots.get(lotId);
    const measure = contributions.find(({ values }) => values.measure !== undefined)?.values.measure;
    for (const { number: row, values } of contributions) {
      if (lot === undefined) {
        const message = about(lotId, 'is not a lot', 'bukan lot yang dikenal');
        yield { file, row, column: 'lot_id', reason: 'unknown-lot', message };
      }
      if (values.measure !== undefined && values.measure !== measure) {
        const message = about(
          values.measure,
          `must be ${measure}, as in the first row of this lot`,
          `harus ${measure}, seperti di baris pertama lot ini`,
        );
        yield { file, row, column: 'measure', reason: 'other-measure', message };
      }
      if (values.maker_id === undefined) continue;
      const maker = after.makers.get(values.maker_id);
      if (maker === undefined) {
        const message = about(values.maker_id, 'is not a maker', 'bukan pembuat yang dikenal');
        yield { file, row, column: 'maker_id', reason: 'unknown-maker', message };
      } else if (lot && isElsewhere(maker, lot)) {
        const message = about(
          values.maker_id,
          `must be a maker of ${lot.facility_id}, the facility of the lot`,
          `harus pembuat dari ${lot.facility_id}, satuan kerja lot ini`,
        );
        yield { file, row, column: 'maker_id', reason: 'other-facility', message };
      }
    }
  }
}

function* changedContributions(rows: ImportedRows, stored: Stored): Iterable<ImportFault> {
  if (rows['contributions.csv'] === undefined) return;
  const byLot = contributionsByLot(rows);
  for (const [lotId, contributions] of byLot) {
    const before = stored.lots.get(lotId);
    if (before) yield* changesOfContributions(before, contributions);
  }
  for (const { number: row, values } of rows['lots.csv'] ?? []) {
    if (values.lot_id === undefined || byLot.has(values.lot_id)) continue;
    if (stored.lots.get(values.lot_id)?.contributions.size) {
      const message = about(values.lot_id, 'must keep its contributions', 'harus tetap dengan kontribusinya');
      yield { file: 'lots.csv', row, column: 'lot_id', reason: 'lot-changed', message };
    }
  }
}

function* changesOfContributions(before: RecordedLot, rows: readonly Row<Contribution>[]): Iterable<ImportFault> {
  const [first] = rows;
  if (first === undefined || before.contributions.size === 0) return; // they may be told later
  const changed = { file: 'contributions.csv', reason: 'lot-changed' } as const;
  const named = new Set<string>();
  for (const { number: row, values } of rows) {
    if (values.maker_id === undefined) continue;
    named.add(values.maker_id);
    const value = before.contributions.get(values.maker_id);
    if (value === undefined) {
      const message = about(
        values.maker_id,
        'must not be added to a lot that is recorded',
        'tidak boleh ditambahkan ke lot yang sudah tercatat',
      );
      yield { ...changed, row, column: 'maker_id', message };
    } else if (values.measure !== undefined && values.measure !== before.measure) {
      yield { ...changed, row, column: 'measure', message: mustStay(values.measure, before.measure) };
    } else if (values.value !== undefined && values.value !== value) {
      yield { ...changed, row, column: 'value', message: mustStay(values.value, value) };
    }
  }
  for (const makerId of before.contributions.keys()) {
    if (named.has(makerId)) continue;
    yield {
      ...changed,
      row: first.number,
      column: 'maker_id',
      message: about(makerId, 'must stay among this lot’s makers', 'harus tetap di antara pembuat lot ini'),
    };
  }
}

/** Rows of contributions by lot; rows whose lot could not be read are left out. */
export function contributionsByLot(rows: ImportedRows): Map<string, readonly Row<Contribution>[]> {
  const byLot = new Map<string, Row<Contribution>[]>();
  for (const row of rows['contributions.csv'] ?? []) {
    if (row.values.lot_id === undefined) continue;
    const others = byLot.get(row.values.lot_id);
    if (others) others.push(row);
    else byLot.set(row.values.lot_id, [row]);
  }
  return byLot;
}

/** Zero of everything is the same as no contribution. */
export function recordsNobody(rows: readonly Row<Contribution>[]): boolean {
  return rows.every(({ values }) => values.value === '0');
}
