import { describe, expect, it } from '@jest/globals';
import { changedIn, changesOf, filesOf, kindOf } from './import-files.ts';

const fileOf = (name: string, bytes: Uint8Array<ArrayBuffer>) => ({
  name,
  text: async () => Buffer.from(bytes).toString(),
  arrayBuffer: async () => bytes.buffer,
});

describe('files of an import', () => {
  it('are known by their names', () => {
    expect(['lots.csv', 'Lots November.XLSX', 'makers_2026.csv', 'hasil.csv'].map(kindOf)).toEqual([
      'lots',
      'lots',
      'makers',
      undefined,
    ]);
  });

  it('go to the catalogue as they are: CSV as text, workbooks byte by byte', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    const files = await filesOf([
      { kind: 'lots', file: fileOf('November.xlsx', bytes) },
      { kind: 'makers', file: fileOf('makers.csv', new Uint8Array(Buffer.from('maker_id\nM-ä'))) },
    ]);
    expect(Object.keys(files)).toEqual(['lots.xlsx', 'makers.csv']);
    expect(Buffer.from(files['lots.xlsx'] ?? '', 'base64').equals(bytes)).toBe(true);
    expect(files['makers.csv']).toBe('maker_id\nM-ä');
  });

  it('are told row by row: what is new, and of what there was only what changes', () => {
    expect(changesOf({ before: null, after: { lot_id: 'L1', quantity: 10, programme: null } })).toEqual([
      { column: 'lot_id', to: 'L1' },
      { column: 'quantity', to: '10' },
      { column: 'programme', to: '' },
    ]);
    expect(changesOf({ before: { sku: 'bag', price: 100 }, after: { sku: 'bag', price: 120 } })).toEqual([
      { column: 'price', from: '100', to: '120' },
    ]);
    expect(
      changedIn({
        'lots.csv': { created: 3, updated: 0, unchanged: 9 },
        'products.csv': { created: 0, updated: 2, unchanged: 0 },
      }),
    ).toBe(5);
  });
});
