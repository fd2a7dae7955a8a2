import { describe, expect, it } from '@jest/globals';
import type { Order } from '../orders/order.ts';
import { transition, UNKNOWN } from '../process/order-process.ts';
import type { Fields } from './columns.ts';
import {
  compareWithOrder,
  draftOf,
  faultInFile,
  groupsOf,
  judgeRefund,
  type Row,
  rowOf,
  spansOf,
  TAKEN,
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
    const fates = new Map([[all[2] as Row, { reason: 'duplicate' as const }]]);
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
    return { ...draft, reasons: draft.fates.map(({ reason }) => reason) };
  };

  it('are a checkout with its lines in the order of the file', () => {
    const { content, faults, fates } = drafted(sale('a', '2', 'TAS', '3', '100', '10'), sale('a', '1', 'ANYAM'));
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
    expect(fates).toEqual([TAKEN, TAKEN]);
  });

  it('that repeat a line of their checkout are duplicates, or conflicts if they say something else', () => {
    const again = sale('a', '1', 'TAS', '2', '100', '', '2026-01-05T02:30:00Z');
    const { reasons, lineRows } = drafted(sale('a', '1'), again, sale('a', '1', 'TAS', '3'));
    expect(reasons).toEqual([undefined, 'duplicate', 'conflict']);
    expect(lineRows.map(({ number }) => number)).toEqual([1]);
  });

  it.each([
    ['row 2, type must be sale or refund', ['blanja', 'a', '2', 'jual', '', 'TAS', '1', '1', '0', AT]],
    ['row 2, refund_ref must be blank in a sale', ['blanja', 'a', '2', 'sale', 'r', 'TAS', '1', '1', '0', AT]],
    [
      'row 2, ordered_at must be the same in all rows of an order',
      sale('a', '2', 'TAS', '1', '1', '0', '2026-01-06T00:00:00Z'),
    ],
    ['row 2 must have as many fields as the header', [...sale('a', '2'), 'more']],
    ['row 2 must have as many fields as the header', [...sale('a', '2').slice(0, 9), null]],
  ])('have faults of their own: %s', (expected, second) => {
    const { faults, lineRows } = drafted(sale('a', '1'), second as Fields);
    expect(faultInFile(faults, lineRows)).toBe(expected);
  });

  it('name their faults by row and column', () => {
    const { lineRows } = drafted(sale('a', '1'), sale('a', '2'));
    const told = (field: string) =>
      faultInFile([{ field, code: 'wrong', message: { id: 'salah', en: 'is wrong' } }], lineRows);
    expect(told('lines/1/unitPrice')).toBe('row 2, unit_price is wrong');
    expect(told('placedAt')).toBe('row 1, ordered_at is wrong');
    expect(told('lines')).toBe('row 1, lines is wrong');
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
