import { expect, it } from '@jest/globals';
import { headOf, linesOf } from './list-file.ts';

it('rows become a file as their service answered them: whole rupiah, parts by name, nothing that a program would compute', () => {
  const columns = ['orderId', 'price', 'note.by', 'note.text', 'lines', 'isOpen'];
  const rows = [
    { orderId: 'blanja/1', price: 1_140_000, note: { by: 'p-1', text: 'a "b", c' }, isOpen: false, actions: ['x'] },
    { orderId: '=1+1', price: -5, lines: [{ sku: 'A', quantity: 2 }], note: null, isOpen: true },
  ];
  expect(headOf(columns) + linesOf(columns, rows)).toBe(
    [
      '\uFEFForderId,price,note.by,note.text,lines,isOpen',
      'blanja/1,1140000,p-1,"a ""b"", c",,false',
      `'=1+1,-5,,,"[{""sku"":""A"",""quantity"":2}]",true`,
      '',
    ].join('\r\n'),
  );
  expect(linesOf(columns, [])).toBe('');
});
