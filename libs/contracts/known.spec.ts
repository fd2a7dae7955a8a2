import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Checkout, checkoutViolations, knownPart } from '#libs/contracts';

const line = { lineRef: '1', sku: 'TAS-1', quantity: 2, unitPrice: 50_000 };
const checkout = { channel: 'blanja', orderRef: 'B-1', placedAt: '2026-11-01T10:00:00+07:00', lines: [line] };

it('all of what a contract knows is kept', () => {
  expect(checkoutViolations(checkout)).toEqual([]);
  expect(knownPart(Checkout, { ...checkout, fees: 1_000 })).toEqual({ ...checkout, fees: 1_000 });
});

it.each<[string, object, object]>([
  ['a field of its own', { buyer: 'Budi' }, {}],
  ['a field of its own in a line', { lines: [{ ...line, note: 'Budi' }] }, {}],
  ['something else in the place of a text', { orderRef: { name: 'Budi' } }, { orderRef: undefined }],
  ['a text in the place of a number', { fees: 'Budi' }, { fees: undefined }],
  ['a text in the place of lines', { lines: 'Budi' }, { lines: undefined }],
  ['names of the contract around something else', { lines: [{ sku: { sku: 'Budi' } }] }, { lines: [{}] }],
  ['a text that is longer than it may be', { orderRef: `${'🧵'.repeat(100)}Budi` }, { orderRef: '🧵'.repeat(100) }],
  ['half of a character', { orderRef: '\ud83d' }, { orderRef: '\ufffd' }],
  [
    'more lines than there may be',
    { lines: [...Array(2_000).fill(line), { sku: 'Budi' }] },
    { lines: Array(2_000).fill(line) },
  ],
])('%s is left out', (_, change, kept) => {
  const known = knownPart(Checkout, { ...checkout, ...change });
  expect(known).toEqual({ ...checkout, ...kept });
  expect(JSON.stringify(known)).not.toContain('Budi');
});

it('what went wrong can be seen: a number for a text, and a number as it is written elsewhere', () => {
  const wrong = { ...checkout, orderRef: 577_000_000, fees: '1.250,50' };
  expect(knownPart(Checkout, wrong)).toEqual(wrong);
});

it('nothing but known fields comes through, whatever is sent', () => {
  const fields = Object.keys(Checkout.properties);
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({ lines: fc.array(fc.jsonValue()), orderRef: fc.jsonValue(), buyer: fc.jsonValue() }),
  );
  fc.assert(
    fc.property(anything, (value) => {
      const known = knownPart(Checkout, value) ?? {};
      expect(fields).toEqual(expect.arrayContaining(Object.keys(known)));
      expect(JSON.stringify(known)).not.toContain('buyer');
    }),
  );
});
