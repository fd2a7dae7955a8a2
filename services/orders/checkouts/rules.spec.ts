import { describe, expect, it } from '@jest/globals';
import type { Terms } from '../channels/terms.ts';
import { faultsOf } from './rules.ts';

const terms: Terms = { sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller', fees: [] };
const line = { lineRef: '1', sku: 'TAS', quantity: 2, unitPrice: 100 };
const checkout = (more: object = {}, ...lines: object[]) => ({
  ...{ channel: 'blanja', orderRef: '1', placedAt: '2026-01-05T09:30:00+07:00' },
  lines: lines.length > 0 ? lines : [line],
  ...more,
});
const fields = (content: unknown) => [
  ...new Set(faultsOf(content, ({ channel }) => (channel === 'blanja' ? terms : undefined)).map(({ field }) => field)),
];
const LARGEST = Number.MAX_SAFE_INTEGER;

describe('a checkout', () => {
  it.each([
    ['plain', checkout()],
    ['free of charge', checkout({}, { ...line, unitPrice: 0 })],
    ['with everything taken off', checkout({ discount: 150 }, { ...line, discount: 50 })],
    ['with fees beyond its price', checkout({ fees: 1_000, shipping: 1_000 })],
    ['as large as a number can hold', checkout({}, { ...line, quantity: 1, unitPrice: LARGEST })],
    ['that is all tax', checkout({}, { ...line, tax: 200 })],
    ['of the first instant that is taken', checkout({ placedAt: '2000-01-01T07:00:00+07:00' })],
  ])('%s is taken', (_, content) => {
    expect(fields(content)).toEqual([]);
  });

  it('is refused when what its terms charge can be in no books', () => {
    const fees = [{ name: 'admin', bp: { A: 800 }, fixed: LARGEST }];
    const charging = (feeClass: string) =>
      faultsOf(checkout({}, { ...line, feeClass }), () => ({ ...terms, fees })).map(
        ({ field, code }) => `${field}: ${code}`,
      );
    expect(charging('A')).toEqual(['lines: too-much']);
    expect(charging('B')).toEqual([]);
  });

  it.each([
    ['no units', ['lines/0/quantity'], checkout({}, { ...line, quantity: 0 })],
    ['half a unit', ['lines/0/quantity'], checkout({}, { ...line, quantity: 0.5 })],
    ['a negative price', ['lines/0/unitPrice'], checkout({}, { ...line, unitPrice: -1 })],
    ['a price as text', ['lines/0/unitPrice'], checkout({}, { ...line, unitPrice: '100' })],
    ['no SKU', ['lines/0/sku'], checkout({}, { ...line, sku: '' })],
    ['no lines', ['lines'], checkout({ lines: [] })],
    ['a line discount above its price', ['lines/0/discount'], checkout({}, { ...line, discount: 201 })],
    ['a discount above the sum', ['discount'], checkout({ discount: 201 })],
    ['a tax above the price', ['lines/0/tax'], checkout({}, { ...line, discount: 100, tax: 101 })],
    ['a line named twice', ['lines/1/lineRef'], checkout({}, line, line)],
    ['an unknown channel', ['channel'], checkout({ channel: 'pasar' })],
    ['a day that is none', ['placedAt'], checkout({ placedAt: '2026-02-30T00:00:00Z' })],
    ['no offset', ['placedAt'], checkout({ placedAt: '2026-02-03T00:00:00' })],
    ['a day of another century', ['placedAt'], checkout({ placedAt: '1999-12-31T23:59:59Z' })],
    ['a day that is to come', ['placedAt'], checkout({ placedAt: '2062-01-05T09:30:00+07:00' })],
    ['a line beyond 2^53-1', ['lines'], checkout({}, { ...line, unitPrice: LARGEST })],
    ['fees and shipping beyond 2^53-1', ['lines'], checkout({ fees: LARGEST, shipping: 1 })],
    [
      'tax, fees and shipping beyond 2^53-1, of which all was taken off',
      ['lines'],
      checkout(
        { discount: LARGEST - 1, fees: 1, shipping: 1 },
        { ...line, ...{ quantity: 1, unitPrice: LARGEST - 1, tax: LARGEST - 1 } },
      ),
    ],
    [
      'a sum beyond 2^53-1',
      ['lines'],
      checkout({}, { ...line, quantity: 1, unitPrice: LARGEST }, { ...line, lineRef: '2' }),
    ],
  ])('with %s is refused, and the field named', (_, expected, content) => {
    expect(fields(content)).toEqual(expected);
  });
});
