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
}

/** What became of the rows of each file that was there. */
export type Counts = { [File in CatalogueFile]?: RowCounts };

interface RowCounts {
  created: number;
  updated: number;
  unchanged: number;
}

/** The changes that rows without any fault make. */
export function changesOf(rows: ImportedRows, stored: Stored): { changes: Changes; counts: Counts } {
  const counts: Counts = {};

  /** The rows that are new or updated. `compare` says whether a row is as stored; undefined: it is not stored. */
  const changed = <Values>(
    file: CatalogueFile,
    all: readonly Row<Values>[] | undefined,
    compare: (values: Values) => boolean | undefined,
  ): Values[] => {
    if (all === undefined) return [];
    const count = { created: 0, updated: 0, unchanged: 0 };
    counts[file] = count;
    // Without faults every field was read.
    return (all as readonly { values: Values }[]).flatMap(({ values }) => {
      const isSame = compare(values);
      count[isSame === undefined ? 'created' : isSame ? 'unchanged' : 'updated'] += 1;
      return isSame ? [] : [values];
    });
  };

  const isStored = ({ lot_id }: { lot_id: string }) => stored.lots.has(lot_id) || undefined;
  const byLot = contributionsByLot(rows);
  const changes = {
    facilities: changed('facilities.csv', rows['facilities.csv'], (facility) =>
      isAsBefore(facility, stored.facilities.get(facility.facility_id)),
    ),
    makers: changed('makers.csv', rows['makers.csv'], (maker) => {
      const { maker_id, facility_id } = maker;
      const fingerprint = stored.persons.keys.get(maker_id)?.fingerprintOf(maker) ?? '';
      return isAsBefore({ facility_id, fingerprint }, stored.makers.get(maker_id));
    }),
    products: changed('products.csv', rows['products.csv'], (product) =>
      isAsBefore(product, stored.products.get(product.sku)),
    ).map((product) => ({ ...product, programme: programmeOf(product, stored) })),
    lots: changed('lots.csv', rows['lots.csv'], isStored).map((lot) => ({
      ...lot,
      ...recordOf(byLot.get(lot.lot_id) ?? []),
    })),
  };
  changed('contributions.csv', rows['contributions.csv'], isStored);
  return { changes, counts };
}

function isAsBefore<Values extends object>(
  values: Values,
  before: { readonly [Column in keyof Values]: unknown } | undefined,
): boolean | undefined {
  return before && Object.entries(values).every(([column, value]) => before[column as keyof Values] === value);
}

/** A file without the column says nothing about programmes: they stay. */
function programmeOf({ sku, programme }: Product, { products }: Stored): string | null {
  return programme === undefined ? (products.get(sku)?.programme ?? null) : programme;
}

/** Who made a new lot. */
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
