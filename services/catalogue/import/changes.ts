import type { CatalogueFile } from './catalogue-files.ts';
import type {
  Contribution,
  Facility,
  ImportedRows,
  Maker,
  Product,
  RecordedLot,
  Row,
  Stored,
} from './catalogue-rows.ts';
import { contributionsByLot, recordsNobody } from './rules.ts';

/** What an import writes: what is new, and facilities, makers and products that are not as before. */
export interface Changes {
  readonly facilities: readonly Facility[];
  readonly makers: readonly Maker[];
  readonly products: readonly Product[];
  readonly lots: readonly RecordedLot[];
  /** Lots that are there, whose makers nobody knew. */
  readonly recorded: readonly RecordedLot[];
}

/** What became of the rows of each file that was there. */
export type Counts = { [File in CatalogueFile]?: RowCounts };

interface RowCounts {
  created: number;
  updated: number;
  unchanged: number;
}

/** A row that is not as stored, beside what is. Who a maker is, is not said. */
export interface ChangedRow {
  readonly file: CatalogueFile;
  /** n-th data row of its file, from 1. */
  readonly row: number;
  readonly outcome: 'created' | 'updated';
  /** By column; null: it is new. */
  readonly before: object | null;
  readonly after: object;
}

/** Rows that are told one by one: more than anybody reads. The counts have them all. */
const TOLD_MAX = 1_000;

/** The changes that rows without any fault make. */
export function changesOf(
  rows: ImportedRows,
  stored: Stored,
): { changes: Changes; counts: Counts; changed: ChangedRow[] } {
  const counts: Counts = {};
  const told: ChangedRow[] = [];

  /** The rows that are new or updated. `compare` says whether a row is as stored; undefined: it is not stored. */
  const changed = <Values>(
    file: CatalogueFile,
    all: readonly Row<Values>[] | undefined,
    compare: (values: Values) => boolean | undefined,
    shown: (values: Values) => { before: object | undefined; after: object } = (values) => ({
      before: undefined,
      after: values as object,
    }),
  ): Values[] => {
    if (all === undefined) return [];
    const count = { created: 0, updated: 0, unchanged: 0 };
    counts[file] = count;
    // Without faults every field was read.
    return (all as readonly { number: number; values: Values }[]).flatMap(({ number, values }) => {
      const isSame = compare(values);
      const outcome = isSame === undefined ? 'created' : isSame ? 'unchanged' : 'updated';
      count[outcome] += 1;
      if (outcome === 'unchanged') return [];
      if (told.length < TOLD_MAX) {
        const { before = null, after } = shown(values);
        told.push({ file, row: number, outcome, before, after });
      }
      return [values];
    });
  };

  const isStored = ({ lot_id }: { lot_id: string }) => stored.lots.has(lot_id) || undefined;
  const byLot = contributionsByLot(rows);
  const recorded = recordedLate(byLot, stored);
  const changes = {
    recorded: [...recorded.values()],
    facilities: changed(
      'facilities.csv',
      rows['facilities.csv'],
      (facility) => isAsBefore(facility, stored.facilities.get(facility.facility_id)),
      (facility) => ({ before: stored.facilities.get(facility.facility_id), after: facility }),
    ),
    makers: changed(
      'makers.csv',
      rows['makers.csv'],
      (maker) => {
        const { maker_id, facility_id } = maker;
        const fingerprint = stored.persons.keys.get(maker_id)?.fingerprintOf(maker) ?? '';
        return isAsBefore({ facility_id, fingerprint }, stored.makers.get(maker_id));
      },
      ({ maker_id, facility_id }) => {
        const before = stored.makers.get(maker_id);
        return { before: before && { maker_id, facility_id: before.facility_id }, after: { maker_id, facility_id } };
      },
    ),
    products: changed(
      'products.csv',
      rows['products.csv'],
      (product) => isAsBefore(product, stored.products.get(product.sku)),
      (product) => ({ before: withoutLots(stored.products.get(product.sku)), after: product }),
    ).map((product) => ({ ...product, ...unsaid(product, stored) })),
    lots: changed('lots.csv', rows['lots.csv'], isStored).map((lot) => ({
      ...lot,
      ...recordOf(byLot.get(lot.lot_id) ?? []),
    })),
  };
  changed('contributions.csv', rows['contributions.csv'], ({ lot_id }) =>
    recorded.has(lot_id) ? undefined : isStored({ lot_id }),
  );
  return { changes, counts, changed: told };
}

function withoutLots(product: (Product & { readonly has_lots: boolean }) | undefined): Product | undefined {
  if (!product) return undefined;
  const { has_lots: _, ...rest } = product;
  return rest;
}

/** By id, stored lots without makers that have some by now. */
function recordedLate(
  byLot: ReadonlyMap<string, readonly Row<Contribution>[]>,
  { lots }: Stored,
): Map<string, RecordedLot> {
  return new Map(
    [...byLot].flatMap(([lotId, rows]): [string, RecordedLot][] => {
      const lot: RecordedLot | undefined = lots.get(lotId);
      if (!lot || lot.contributions.size > 0 || recordsNobody(rows)) return [];
      return [[lotId, { ...lot, ...recordOf(rows) }]];
    }),
  );
}

function isAsBefore<Values extends object>(
  values: Values,
  before: { readonly [Column in keyof Values]: unknown } | undefined,
): boolean | undefined {
  return before && Object.entries(values).every(([column, value]) => before[column as keyof Values] === value);
}

/** A file without these columns says nothing about them: what they hold stays. */
function unsaid(
  { sku, programme, low_stock }: Product,
  { products }: Stored,
): Pick<Product, 'programme' | 'low_stock'> {
  const before = products.get(sku);
  return {
    programme: programme === undefined ? (before?.programme ?? null) : programme,
    low_stock: low_stock ?? before?.low_stock ?? 0,
  };
}

/** Who made a lot. */
function recordOf(rows: readonly Row<Contribution>[]): Pick<RecordedLot, 'measure' | 'contributions'> {
  const contributions = rows.map(({ values }) => values as Contribution);
  const [first] = contributions;
  if (first === undefined || recordsNobody(rows)) return { measure: 'equal', contributions: new Map() };
  return {
    measure: first.measure,
    contributions: new Map(contributions.map(({ maker_id, value }) => [maker_id, value])),
  };
}

/** Of changed makers those whose consent counts no longer: it is withdrawn, or was a child's who is none any more. */
export function withdrawnIn({ makers }: Changes, stored: Stored): string[] {
  const isWithdrawn = ({ maker_id, consent, is_child }: Maker) =>
    !consent || (!is_child && stored.makers.get(maker_id)?.is_child === true);
  return makers.filter(isWithdrawn).map(({ maker_id }) => maker_id);
}
