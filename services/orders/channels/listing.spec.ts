import { expect, it } from '@jest/globals';
import { changesBetween, goodsOf, type Listing, listedAs, listingsOf, skusIn } from './listing.ts';

const listings: Listing[] = [
  { store: '*', channelSku: 'X1', sku: 'TAS', feeClass: 'A' },
  { store: 'bali', channelSku: 'X1', sku: 'TAS-BALI' },
  { store: 'bali', channelSku: 'X2', sku: 'SABUK' },
];

it('goods are what their store lists, else what any store lists', () => {
  const listed = listingsOf(listings);
  expect(listedAs('X1', 'bali', listed)?.sku).toBe('TAS-BALI');
  expect(listedAs('X1', 'jawa', listed)?.sku).toBe('TAS');
  expect(listedAs('X1', undefined, listed)).toEqual(listings[0]);
  expect(listedAs('X2', 'jawa', listed)).toBeUndefined();
  expect(listedAs('TAS', undefined, listed)).toBeUndefined();
});

it('what a channel with listings does not list is unknown; a channel without says our SKUs', () => {
  expect(goodsOf('X1', 'jawa', listingsOf(listings))).toEqual({ listedSku: 'TAS' });
  expect(goodsOf('X2', 'jawa', listingsOf(listings))).toEqual({ unlisted: true });
  expect(goodsOf('X1', 'jawa', listingsOf([]))).toEqual({ unlisted: true });
  expect(goodsOf('X1', 'jawa', undefined)).toEqual({});
});

it('SKUs are found in whatever is sent as a checkout', () => {
  const line = (sku: unknown) => ({ sku });
  const lines = [line('a'), line('b'), line(1), null, 'x', {}];
  expect(skusIn([{ lines }, { lines: [line('a')] }, { lines: 7 }, {}, { lines: [line('a\0b'), line('')] }])).toEqual([
    'a',
    'b',
  ]);
});

it('two sets are told apart by what each store calls its goods, whatever their order', () => {
  const [any, bag, belt] = listings as [Listing, Listing, Listing];
  expect(changesBetween(listings, listings.toReversed())).toEqual([]);
  const other = { ...any, feeClass: 'B' };
  const late = { ...bag, channelSku: 'X3' };
  expect(changesBetween(listings, [late, other, belt])).toEqual([
    { change: 'added', before: null, after: late },
    { change: 'changed', before: any, after: other },
    { change: 'removed', before: bag, after: null },
  ]);
  expect(changesBetween([], [belt])).toEqual([{ change: 'added', before: null, after: belt }]);
});
