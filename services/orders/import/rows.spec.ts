import { describe, expect, it } from '@jest/globals';
import type { Order } from '../orders/order.ts';
import { transition, UNKNOWN } from '../process/order-process.ts';
import type { Fields } from './columns.ts';
import {
  compareWithOrder,
  draftOf,
  fateOfRest,
  groupsOf,
  invalidFates,
  judgeRefund,
  type Row,
  rowOf,
  spansOf,
} from './rows.ts';

const AT = '2026-01-05T09:30:00+07:00';
const sale = (ref: string, line: string, ...more: string[]): Fields => {
  const [sku = 'TAS', quantity = '2', price = '100', discount = '0', at = AT] = more;
  return ['blanja', ref, line, 'sale', '', sku, quantity, price, discount, at];
};
const refund = (ref: string, line: string, refundRef: string, ...more: string[]): Fields => {
  const [sku = 'TAS', quantity = '1', price = '100', discount = '', at = AT] = more;
  return ['blanja', ref, line, 'refund', refundRef, sku, quantity, price, discount, at];
};
const rows = (...fields: Fields[]): [Row, ...Row[]] => {
  const [first, ...others] = fields.map((each, index) => rowOf(each, index + 1));
  return [first as Row, ...others];
};

describe('rows', () => {
  it('of one order that stand together are one checkout; a refund stands alone', () => {
    const groups = groupsOf(11, [
      ...[sale('a', '1'), sale('a', '2'), sale('b', '1'), refund('b', '1', 'r1'), refund('b', '1', 'r2')],
      ...[sale('a', '3'), ['lain', 'a', '4', 'sale', '', 'TAS', '1', '1', '0', AT]],
    ]);
    expect(groups.map((group) => group.map(({ number }) => number))).toEqual([[11, 12], [13], [14], [15], [16], [17]]);
  });

  it('become spans of one fate each, by which every row is found again', () => {
    const all = rows(sale('a', '1'), sale('a', '2'), sale('a', '2'), sale('a', '3'), refund('a', '1', 'r'));
    const fates = new Map([[3, { reason: 'duplicate' as const }]]);
    const spans = spansOf(all, fates);
    expect(spans.map(({ firstRow, lineRefs, reason }) => [firstRow, lineRefs, reason])).toEqual([
      [1, ['1', '2'], undefined],
      [3, ['2'], 'duplicate'],
      [4, ['3'], undefined],
      [5, ['1'], undefined],
    ]);
  });
});

describe('sale rows', () => {
  const drafted = (...fields: Fields[]) => {
    const draft = draftOf(rows(...fields));
    return { ...draft, reasons: draft.rows.map((row) => draft.fates.get(row)?.reason) };
  };

  it('are a checkout with its lines in the order of the file', () => {
    const { content, faults, reasons } = drafted(sale('a', '2', 'TAS', '3', '100', '10'), sale('a', '1', 'ANYAM'));
    expect(content).toEqual({
      channel: 'blanja',
      orderRef: 'a',
      placedAt: AT,
      lines: [
        { lineRef: '2', sku: 'TAS', quantity: 3, unitPrice: 100, discount: 10 },
        { lineRef: '1', sku: 'ANYAM', quantity: 2, unitPrice: 100, discount: 0 },
      ],
    });
    expect(faults).toEqual([]);
    expect(reasons).toEqual([undefined, undefined]);
  });

  it('have a store and classes of fees, if they tell them', () => {
    const told = (line: string, store: string, feeClass: string) => [...sale('a', line), store, feeClass];
    const { content, faults } = drafted(told('1', 'bali', 'A'), told('2', 'bali', ''));
    expect(content).toMatchObject({ store: 'bali', lines: [{ lineRef: '1', feeClass: 'A' }, { lineRef: '2' }] });
    expect(content).toEqual({ ...content, lines: [expect.anything(), expect.not.objectContaining({ feeClass: '' })] });
    expect(faults).toEqual([]);
    expect(drafted(told('1', '', ''), told('2', '', '')).content).not.toHaveProperty('store');
    const { reasons } = drafted(told('1', '', 'A'), told('1', '', 'A'), told('1', '', 'B'));
    expect(reasons).toEqual([undefined, 'duplicate', 'conflict']);
    const draft = drafted(told('1', 'bali', ''), told('2', 'lombok', ''));
    expect(invalidFates(draft, draft.faults)[1]?.detail).toContain(
      'column store: "lombok" must be the same in all rows of an order',
    );
  });

  it('that repeat a line of their checkout are duplicates, or conflicts if they say something else', () => {
    const again = sale('a', '1', 'TAS', '2', '100', '', '2026-01-05T02:30:00Z');
    const { reasons, lineRows } = drafted(sale('a', '1'), again, sale('a', '1', 'TAS', '3'));
    expect(reasons).toEqual([undefined, 'duplicate', 'conflict']);
    expect(lineRows.map(({ number }) => number)).toEqual([1]);
  });

  it.each([
    ['column type: "jual" must be one of', ['blanja', 'a', '2', 'jual', '', 'TAS', '1', '1', '0', AT]],
    ['column refund_ref: "r" must be blank in a sale', ['blanja', 'a', '2', 'sale', 'r', 'TAS', '1', '1', '0', AT]],
    [
      'column ordered_at: "2026-01-06T00:00:00Z" must be the same in all rows',
      sale('a', '2', 'TAS', '1', '1', '0', '2026-01-06T00:00:00Z'),
    ],
    ['this row has not as many cells', [...sale('a', '2'), 'more']],
    ['this row has not as many cells', [...sale('a', '2').slice(0, 9), null]],
    ['column quantity: "1.250" must be whole pieces', sale('a', '2', 'TAS', '1.250')],
    ['column quantity: "1.25" must be', sale('a', '2', 'TAS', '1.25')],
    ['column unit_price: "1,5" must be whole rupiah', sale('a', '2', 'TAS', '1', '1,5')],
    ['column sku: "TAS[U+200B]" holds an invisible character', sale('a', '2', 'TAS\u200b')],
    ['column line_ref: "5.77E+17" is a number in scientific notation', sale('a', '5.77E+17')],
    ['column line_ref: "\'1" begins with an apostrophe', sale('a', "'1")],
    [
      'column ordered_at: "2026-01-05" must be an instant with its offset',
      sale('a', '2', 'TAS', '1', '1', '0', '2026-01-05'),
    ],
    ['column ordered_at: "2026-01-05T09:30:60Z"', sale('a', '2', 'TAS', '1', '1', '0', '2026-01-05T09:30:60Z')],
  ])('have faults of their own: %s', (expected, second) => {
    const draft = drafted(sale('a', '1'), second as Fields);
    const [other, own] = invalidFates(draft, draft.faults);
    expect(own).toEqual({ reason: 'invalid', detail: expect.stringContaining(expected) });
    expect(other?.reason).toBe('invalid');
    expect(other?.detail).toContain(`row 2${expected.replace(/^this row|^/, (start) => (start ? '' : ', '))}`);
  });

  it('name what a rule finds wrong with their order, by row and column, in two languages', () => {
    const draft = drafted(sale('a', '1'), sale('a', '2'));
    const told = (field: string) =>
      invalidFates(draft, [{ field, code: 'wrong', message: { id: 'salah', en: 'is wrong' } }]).map(
        ({ detail }) => detail,
      );
    expect(told('lines/1/unitPrice')).toEqual([
      'baris 2, kolom unit_price: "100" salah / row 2, column unit_price: "100" is wrong',
      'kolom unit_price: "100" salah / column unit_price: "100" is wrong',
    ]);
    expect(told('placedAt')[0]).toBe(`kolom ordered_at: "${AT}" salah / column ordered_at: "${AT}" is wrong`);
    expect(told('lines')).toEqual(['baris ini salah / this row is wrong', 'baris 1 salah / row 1 is wrong']);
  });

  it('are found wrong before they are compared: a corrected row beside its faulty one counts', () => {
    const { content, faults, reasons } = drafted(
      sale('a', '1', 'TAS', '1.250'),
      sale('a', '1', 'TAS', '2'),
      sale('a', '2', 'TAS', 'satu'),
      sale('a', '2', 'TAS', '3'),
    );
    expect(faults).toEqual([]);
    expect(reasons).toEqual(['invalid', undefined, 'invalid', undefined]);
    expect(content).toMatchObject({
      lines: [
        { lineRef: '1', quantity: 2 },
        { lineRef: '2', quantity: 3 },
      ],
    });
  });

  it('take the order’s instant from the first row without a fault', () => {
    const { content, faults, reasons } = drafted(sale('a', '1', 'TAS', '2', '1', '', '05/01/2026'), sale('a', '1'));
    expect([faults, reasons]).toEqual([[], ['invalid', undefined]]);
    expect(content).toMatchObject({ placedAt: AT });
  });

  it('that repeat a faulty row are as faulty as it is, and no repetition', () => {
    const draft = drafted(sale('5.77E+17', '1'), sale('5.77E+17', '1', 'ANYAM'), sale('5.77E+17', '1'));
    const fates = invalidFates(draft, draft.faults);
    expect(fates.map(({ reason }) => reason)).toEqual(['invalid', 'invalid', 'invalid']);
  });

  it('are refused as a whole where an order has more of them than it may, part by part', () => {
    const all = Array.from({ length: 2_001 }, (_, index) => sale('a', String(index)));
    const draft = drafted(...all);
    expect(draft.faults).toMatchObject([{ code: 'too-long' }]);
    const fates = invalidFates(draft, draft.faults);
    expect(fates.at(-1)).toMatchObject({ reason: 'invalid', detail: expect.stringContaining('more than 2000 rows') });
    const last = { channel: 'blanja', orderRef: 'a', type: 'sale', reason: 'invalid', detail: 'too long' };
    const [other, back] = [rows(sale('b', '9')), rows(refund('a', '9', 'r'))];
    expect(fateOfRest(rows(sale('a', '9')), last)).toEqual({ reason: 'invalid', detail: 'too long' });
    expect([other, back].map((group) => fateOfRest(group, last))).toEqual([undefined, undefined]);
    expect(fateOfRest(rows(sale('a', '9')), { ...last, reason: null, detail: null })).toBeUndefined();
  });

  it('read from a workbook say the same as read from CSV', () => {
    const typed = rows(['blanja', 4711, 1, 'sale', '', 'TAS', 2, 1_250_000, '', AT]);
    const written = rows(sale('4711', '1', 'TAS', '2', 'Rp 1.250.000', ''));
    expect([typed[0].values, typed[0].faults]).toEqual([written[0].values, []]);
    expect(rows(['blanja', 'a', '1', 'sale', '', 'TAS', 1.5, 1_000.5, '', AT])[0].faults).toMatchObject([
      { column: 'quantity' },
      { column: 'unit_price' },
    ]);
  });

  it('of no order at all cannot be a rejected order', () => {
    expect(drafted(['blanja', '', '1', 'sale', '', 'TAS', '1', '1', '0', AT]).namingFaults).not.toEqual([]);
    expect(drafted(['BLANJA!', 'a', '1', 'sale', '', 'TAS', '1', '1', '0', AT]).namingFaults).not.toEqual([]);
    expect(drafted(['blanja', 'a\0b', '1', 'sale', '', 'TAS', '1', '1', '0', AT]).namingFaults).not.toEqual([]);
  });

  it('of an order that is known repeat it, contradict it, or come too late', () => {
    const order: Order = {
      ...{ orderId: 'blanja/a', placedAt: '2026-01-05T02:30:00.000Z', payment: 'escrow', amount: 200 },
      lines: [{ lineRef: '1', sku: 'TAS', quantity: 2, unitPrice: 100, discount: 0, fees: 0, shipping: 0, tax: 0 }],
      correlationId: 'c',
    };
    const fates = compareWithOrder(
      rows(sale('a', '1'), sale('a', '1', 'ANYAM'), sale('a', '1', 'TAS', '2', '100', '1'), sale('a', '2')),
      order,
    );
    expect(fates.map(({ reason }) => reason)).toEqual(['duplicate', 'conflict', 'conflict', 'order-closed']);
  });
});

describe('a refund row', () => {
  const order: Order = {
    ...{ orderId: 'blanja/a', placedAt: '2026-01-05T02:30:00.000Z', payment: 'escrow', amount: 200 },
    lines: [{ lineRef: '1', sku: 'TAS', quantity: 2, unitPrice: 100, discount: 0, fees: 0, shipping: 0, tax: 0 }],
    correlationId: 'c',
  };
  const judged = (fields: Fields, state = UNKNOWN, known: Order | undefined = order) => {
    const judgement = judgeRefund(rowOf(fields, 1), known, state);
    return 'fate' in judgement ? [judgement.fate.reason, judgement.fate.detail] : judgement.request;
  };

  it('asks for its units; discount 0 or blank', () => {
    const request = { channel: 'blanja', orderRef: 'a', lineRef: '1', refundRef: 'r', quantity: 1, requestedAt: AT };
    expect(judged(refund('a', '1', 'r'))).toEqual(request);
    expect(judged(refund('a', '1', 'r', 'TAS', '1', '100', '0'))).toEqual(request);
    expect(judged(refund('b', '1', 'r'), UNKNOWN, undefined)).toEqual({ ...request, orderRef: 'b' });
  });

  it.each([
    ['mismatch', refund('a', '1', 'r', 'ANYAM')],
    ['mismatch', refund('a', '1', 'r', 'TAS', '1', '99')],
    ['mismatch', refund('a', '1', 'r', 'TAS', '1', '100', '1')],
    ['invalid', refund('a', '1', '')],
    ['invalid', refund('a', '1', 'r', 'TAS', '0')],
    ['invalid', refund('a', '1', 'r', 'TAS', '1.5')],
    ['invalid', refund('a', '1', 'r', 'TAS', '1', '-100')],
    ['invalid', refund('a', '1', 'r', 'TAS', '1', '100', 'none')],
    ['invalid', refund('a', '1', 'r', 'TAS', '1', '100', '', '2026-01-05')],
    ['invalid', [...refund('a', '1', 'r'), 'more']],
  ])('is %s: %j', (reason, fields) => {
    expect(judged(fields)).toEqual([reason, expect.any(String)]);
  });

  it('that came before is a duplicate, with other content a conflict', () => {
    const known = transition(UNKNOWN, {
      type: 'refund-asked',
      refund: {
        ...{ refundId: 'blanja/a/1#r', lineRef: '1', refundRef: 'r', quantity: 1 },
        ...{ requestedAt: '2026-01-05T02:30:00.000Z', correlationId: 'c' },
      },
      waitUntil: '2026-01-06T00:00:00.000Z',
    }).state;
    expect(judged(refund('a', '1', 'r'), known)).toEqual(['duplicate', undefined]);
    for (const other of [
      ['TAS', '2'],
      ['TAS', '1', '99'],
      ['ANYAM'],
      ['TAS', '1', '100', '', '2026-01-06T00:00:00Z'],
    ]) {
      expect(judged(refund('a', '1', 'r', ...other), known)).toEqual(['conflict', undefined]);
    }
  });
});
