import { describe, expect, it } from '@jest/globals';
import type { CatalogueFile } from './catalogue-files.ts';
import { readCatalogue, type Stored } from './catalogue-rows.ts';
import { changesOf, withdrawnIn } from './changes.ts';
import { faultsOf } from './rules.ts';

const HEADERS: Record<CatalogueFile, string> = {
  'facilities.csv': 'facility_id,name,type,class,region,timezone',
  'makers.csv': 'maker_id,facility_id,registration_no,name,display_name,consent,is_child',
  'products.csv': 'sku,facility_id,category,title_id,title_en,price',
  'lots.csv': 'lot_id,sku,facility_id,quantity,unit_cost,made_on',
  'contributions.csv': 'lot_id,maker_id,measure,value',
};

type Files = { [File in CatalogueFile]?: string[] };

/** A small catalogue without fault: two facilities, three makers, two products, two lots. */
const CATALOGUE = {
  'facilities.csv': ['F1,Lapas Satu,lapas,IIB,Jawa Timur,Asia/Jakarta', 'F2,Bapas Dua,bapas,II,NTB,Asia/Makassar'],
  'makers.csv': ['M1,F1,R1,A,a,true,false', 'M2,F1,R2,B,b,false,false', 'M3,F2,R3,C,c,false,true'],
  'products.csv': ['bag,F1,fashion,Tas,Bag,100000', 'box,F2,craft,Kotak,Box,50000'],
  'lots.csv': ['L1,bag,F1,10,20000,2026-01-02', 'L2,box,F2,5,10000,2026-01-03'],
  'contributions.csv': ['L1,M1,hours,7.5', 'L1,M2,hours,2.25', 'L2,M3,equal,'],
} satisfies Files;

const NOTHING: Stored = {
  facilities: new Map(),
  makers: new Map(),
  categories: new Set(['craft', 'fashion']),
  products: new Map(),
  lots: new Map(),
  persons: { keys: new Map(), erased: new Set() },
};

const rowsOf = async (files: Files) => {
  const given = Object.entries(files).map(([file, lines]) => {
    return [file, Buffer.from([HEADERS[file as CatalogueFile], ...lines].join('\n'))];
  });
  return (await readCatalogue(Object.fromEntries(given))).rows;
};

const fingerprintOf = (maker: object) => JSON.stringify(maker);

/** What is stored once these files are imported into nothing. */
async function storedAfter(files: Files): Promise<Stored> {
  const { changes } = changesOf(await rowsOf(files), NOTHING);
  const skus = new Set(changes.lots.map(({ sku }) => sku));
  return {
    facilities: new Map(changes.facilities.map((each) => [each.facility_id, each])),
    makers: new Map(
      changes.makers.map((each) => [
        each.maker_id,
        { facility_id: each.facility_id, fingerprint: fingerprintOf(each), is_child: each.is_child },
      ]),
    ),
    categories: NOTHING.categories,
    products: new Map(changes.products.map((each) => [each.sku, { ...each, has_lots: skus.has(each.sku) }])),
    lots: new Map(changes.lots.map((each) => [each.lot_id, each])),
    persons: { keys: new Map(changes.makers.map(({ maker_id }) => [maker_id, { fingerprintOf }])), erased: new Set() },
  };
}

const STORED = await storedAfter(CATALOGUE);

/** `file row.column: reason` of every fault. */
const faults = async (files: Files, stored: Stored) =>
  faultsOf(await rowsOf(files), stored).map(
    ({ file, row, column, reason }) => `${file.replace('.csv', '')} ${row}.${column}: ${reason}`,
  );

describe('an import into an empty catalogue', () => {
  it('finds nothing wrong with a right one', async () => {
    expect(await faults(CATALOGUE, NOTHING)).toEqual([]);
  });

  it('refuses a key that stands twice in a file', async () => {
    const twice = Object.fromEntries(
      Object.entries(CATALOGUE).map(([file, lines]) => [file, [...lines, lines[0] ?? '']]),
    );
    expect(await faults(twice, NOTHING)).toEqual([
      'facilities 3.facility_id: duplicate',
      'makers 4.maker_id: duplicate',
      'products 3.sku: duplicate',
      'lots 3.lot_id: duplicate',
      'contributions 4.maker_id: duplicate',
    ]);
  });

  it('refuses what refers to nothing', async () => {
    const { 'facilities.csv': _, ...withoutFacilities } = CATALOGUE;
    expect(await faults(withoutFacilities, NOTHING)).toHaveLength(3 + 2 + 2);
    const lost = {
      ...CATALOGUE,
      'lots.csv': ['L1,bag,F1,10,20000,2026-01-02', 'L2,ghost,F9,5,10000,2026-01-03'],
      'contributions.csv': ['L1,M9,hours,1', 'L9,M1,hours,1'],
    };
    expect(await faults(lost, NOTHING)).toEqual([
      'lots 2.sku: unknown-sku',
      'lots 2.facility_id: unknown-facility',
      'contributions 1.maker_id: unknown-maker',
      'contributions 2.lot_id: unknown-lot',
    ]);
  });

  it('refuses a product of no category that there is', async () => {
    const strange = { ...CATALOGUE, 'products.csv': ['bag,F1,toys,Tas,Bag,1', 'box,F2,craft,Kotak,Box,50000'] };
    expect(await faults(strange, NOTHING)).toEqual(['products 1.category: unknown-category']);
  });

  it('refuses a lot away from its product, and a maker away from the lot', async () => {
    const misplaced = {
      ...CATALOGUE,
      'lots.csv': ['L1,bag,F1,10,20000,2026-01-02', 'L2,box,F1,5,10000,2026-01-03'],
      'contributions.csv': ['L1,M1,hours,7.5', 'L1,M3,hours,2'],
    };
    expect(await faults(misplaced, NOTHING)).toEqual([
      'lots 2.facility_id: other-facility',
      'contributions 2.maker_id: other-facility',
    ]);
  });

  it('refuses two measures in one lot', async () => {
    const mixed = { ...CATALOGUE, 'contributions.csv': ['L1,M1,hours,7.5', 'L1,M2,pieces,3'] };
    expect(await faults(mixed, NOTHING)).toEqual(['contributions 2.measure: other-measure']);
  });

  it('does not blame a row for what could not be read in another', async () => {
    const unreadable = { ...CATALOGUE, 'products.csv': ['bag,F1,To ys,Tas,Bag,x', 'box,F2,craft,Kotak,Box,50000'] };
    expect(await faults(unreadable, NOTHING)).toEqual([]);
  });

  it('creates everything, each lot with who made it', async () => {
    const { changes, counts } = changesOf(await rowsOf(CATALOGUE), NOTHING);
    expect(counts).toEqual({
      'facilities.csv': { created: 2, updated: 0, unchanged: 0 },
      'makers.csv': { created: 3, updated: 0, unchanged: 0 },
      'products.csv': { created: 2, updated: 0, unchanged: 0 },
      'lots.csv': { created: 2, updated: 0, unchanged: 0 },
      'contributions.csv': { created: 3, updated: 0, unchanged: 0 },
    });
    expect(changes.lots.map(({ measure, contributions }) => [measure, [...contributions]])).toEqual([
      [
        'hours',
        [
          ['M1', '7.5'],
          ['M2', '2.25'],
        ],
      ],
      ['equal', [['M3', '1']]],
    ]);
  });

  it('records nobody where every value is zero', async () => {
    const zeros = { ...CATALOGUE, 'contributions.csv': ['L1,M1,hours,0', 'L1,M2,hours,0.000'] };
    expect(await faults(zeros, NOTHING)).toEqual([]);
    const stored = await storedAfter(zeros);
    expect(stored.lots.get('L1')?.contributions.size).toBe(0);
    expect(await faults(zeros, stored)).toEqual([]);
  });
});

describe('an import into a catalogue that is there', () => {
  it('changes nothing with the same content', async () => {
    expect(await faults(CATALOGUE, STORED)).toEqual([]);
    const { changes, counts } = changesOf(await rowsOf(CATALOGUE), STORED);
    expect(changes).toEqual({ facilities: [], makers: [], products: [], lots: [], recorded: [] });
    expect(Object.values(counts).map(({ created, updated }) => created + updated)).toEqual([0, 0, 0, 0, 0]);
  });

  it('updates facilities, makers and products', async () => {
    const changed = {
      'facilities.csv': ['F1,Lapas Satu,lapas,IIA,Jawa Timur,Asia/Jakarta'],
      'makers.csv': ['M1,F1,R1,A,a,false,false', 'M2,F2,R2,B,b,false,false'],
      'products.csv': ['bag,F1,fashion,Tas,Bag,120000'],
    };
    expect(await faults(changed, STORED)).toEqual([]);
    const { changes, counts } = changesOf(await rowsOf(changed), STORED);
    expect(counts).toEqual({
      'facilities.csv': { created: 0, updated: 1, unchanged: 0 },
      'makers.csv': { created: 0, updated: 2, unchanged: 0 },
      'products.csv': { created: 0, updated: 1, unchanged: 0 },
    });
    expect(changes.products).toMatchObject([{ sku: 'bag', price: 120_000 }]);
  });

  it('adds lots to products that are stored', async () => {
    const added = { 'lots.csv': ['L3,bag,F1,4,21000,2026-02-01'], 'contributions.csv': ['L3,M2,pieces,4'] };
    expect(await faults(added, STORED)).toEqual([]);
  });

  it('keeps a lot as it is, column by column', async () => {
    const changed = { 'lots.csv': ['L1,bag,F1,11,20001,2026-01-03', 'L2,bag,F1,5,10000,2026-01-03'] };
    expect(await faults(changed, STORED)).toEqual([
      'lots 1.quantity: lot-changed',
      'lots 1.unit_cost: lot-changed',
      'lots 1.made_on: lot-changed',
      'lots 2.sku: lot-changed',
      'lots 2.facility_id: lot-changed',
    ]);
  });

  it.each([
    ['another value', ['L1,M1,hours,7', 'L1,M2,hours,2.25'], ['contributions 1.value: lot-changed']],
    [
      'another measure',
      ['L1,M1,pieces,7.5', 'L1,M2,pieces,2.25'],
      ['contributions 1.measure: lot-changed', 'contributions 2.measure: lot-changed'],
    ],
    ['a maker less', ['L1,M1,hours,7.5'], ['contributions 1.maker_id: lot-changed']],
    [
      'a maker more',
      ['L1,M1,hours,7.5', 'L1,M2,hours,2.25', 'L1,M3,hours,0'],
      ['contributions 3.maker_id: lot-changed'],
    ],
    [
      'nothing but zeros',
      ['L1,M1,hours,0', 'L1,M2,hours,0'],
      ['contributions 1.value: lot-changed', 'contributions 2.value: lot-changed'],
    ],
  ])('keeps the contributions of a lot: %s', async (_, lines, expected) => {
    expect(await faults({ 'contributions.csv': lines }, STORED)).toEqual(expected);
  });

  it('keeps the contributions of a lot that the file leaves out; without the file nothing is said about them', async () => {
    const lots = CATALOGUE['lots.csv'];
    expect(await faults({ 'lots.csv': lots, 'contributions.csv': [] }, STORED)).toEqual([
      'lots 1.lot_id: lot-changed',
      'lots 2.lot_id: lot-changed',
    ]);
    expect(await faults({ 'lots.csv': lots }, STORED)).toEqual([]);
  });

  it('takes contributions to a lot recorded without, by the rules of a new one', async () => {
    const stored = await storedAfter({ ...CATALOGUE, 'contributions.csv': [] });
    const told = { 'contributions.csv': ['L1,M1,hours,7.5'] };
    expect(await faults(told, stored)).toEqual([]);
    const { changes, counts } = changesOf(await rowsOf(told), stored);
    expect(counts).toEqual({ 'contributions.csv': { created: 1, updated: 0, unchanged: 0 } });
    expect(changes).toMatchObject({ lots: [], recorded: [{ lot_id: 'L1', sku: 'bag', measure: 'hours' }] });
    expect([...(changes.recorded[0]?.contributions ?? [])]).toEqual([['M1', '7.5']]);
    expect(
      await faults({ 'contributions.csv': ['L1,M3,hours,7.5', 'L1,M1,pieces,1', 'L1,M9,hours,1'] }, stored),
    ).toEqual([
      'contributions 1.maker_id: other-facility',
      'contributions 2.measure: other-measure',
      'contributions 3.maker_id: unknown-maker',
    ]);
    const nobody = { 'contributions.csv': ['L1,M1,hours,0'] };
    expect(await faults(nobody, stored)).toEqual([]);
    expect(changesOf(await rowsOf(nobody), stored).changes.recorded).toEqual([]);
  });

  it('tells of a dry run what is stored and what would be, but not who a maker is', async () => {
    const rows = await rowsOf({
      'makers.csv': ['M1,F2,R1,Siti,Bu Siti,true,false', 'M9,F1,R9,Joko,Pak Joko,true,false'],
      'products.csv': ['bag,F1,fashion,Tas,Bag,120000', 'box,F2,craft,Kotak,Box,50000'],
    });
    expect(changesOf(rows, STORED).changed).toEqual([
      {
        file: 'makers.csv',
        row: 1,
        outcome: 'updated',
        before: { maker_id: 'M1', facility_id: 'F1' },
        after: { maker_id: 'M1', facility_id: 'F2' },
      },
      { file: 'makers.csv', row: 2, outcome: 'created', before: null, after: { maker_id: 'M9', facility_id: 'F1' } },
      {
        file: 'products.csv',
        row: 1,
        outcome: 'updated',
        before: expect.objectContaining({ sku: 'bag', price: 100_000 }),
        after: expect.objectContaining({ sku: 'bag', price: 120_000 }),
      },
    ]);
  });

  it('keeps a product with lots where it is, and lets one without move', async () => {
    const moved = { 'products.csv': ['bag,F2,fashion,Tas,Bag,100000'] };
    expect(await faults(moved, STORED)).toEqual(['products 1.facility_id: product-has-lots']);
    expect(await faults(moved, await storedAfter({ ...CATALOGUE, 'lots.csv': [], 'contributions.csv': [] }))).toEqual(
      [],
    );
  });

  it('takes the same lots again after a maker was transferred', async () => {
    const transferred = await storedAfter(CATALOGUE);
    const makers = new Map(transferred.makers).set('M1', { facility_id: 'F2', fingerprint: '', is_child: false });
    const { 'makers.csv': _, ...again } = CATALOGUE;
    expect(await faults(again, { ...transferred, makers })).toEqual([]);
  });

  it('does not bring back who was erased', async () => {
    const persons = { ...STORED.persons, erased: new Set(['M2']) };
    expect(await faults({ 'makers.csv': CATALOGUE['makers.csv'] }, { ...STORED, persons })).toEqual([
      'makers 2.maker_id: erased',
    ]);
    const { 'makers.csv': _, ...others } = CATALOGUE;
    expect(await faults(others, { ...STORED, persons })).toEqual([]);
  });

  it('withdraws the consent of who no longer gives it, or was a child when it was given', async () => {
    const rows = await rowsOf({
      'makers.csv': ['M1,F1,R1,A,a,false,false', 'M2,F1,R2,B,b,true,false', 'M3,F2,R3,C,c,true,false'],
    });
    expect(withdrawnIn(changesOf(rows, STORED).changes, STORED)).toEqual(['M1', 'M3']);
  });
});
