import { expect, it } from '@jest/globals';
import { csvOf } from './csv.ts';

it('rows become a file as their service answered them: whole rupiah, parts by name, nothing that a program would compute', () => {
  const rows = [
    { orderId: 'blanja/1', price: 1_140_000, note: { by: 'p-1', text: 'a "b", c' }, actions: [{ name: 'approval' }] },
    { orderId: '=1+1', price: -5, lines: [{ sku: 'A', quantity: 2 }], note: null },
  ];
  expect(csvOf(rows)).toBe(
    [
      'orderId,price,note.by,note.text,lines',
      'blanja/1,1140000,p-1,"a ""b"", c",',
      `'=1+1,-5,,,"[{""sku"":""A"",""quantity"":2}]"`,
      '',
    ].join('\r\n'),
  );
  expect(csvOf([])).toBe('\r\n');
});
