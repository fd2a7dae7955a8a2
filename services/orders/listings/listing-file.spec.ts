import { expect, it } from '@jest/globals';
import type { Listing } from '../channels/listing.ts';
import { readListings } from './listing-file.ts';

const listings: Listing[] = [
  { store: '*', channelSku: 'X1', sku: 'TAS', feeClass: 'A' },
  { store: 'bali', channelSku: 'X1', sku: 'TAS-BALI' },
  { store: 'bali', channelSku: 'X2', sku: 'SABUK' },
];

it('a file says the same as a list', async () => {
  const csv = 'channel_sku;sku;store;fee_class\nX1;TAS;;A\nX1;TAS-BALI;bali;\nX2;SABUK;bali;\n';
  expect(await readListings(csv)).toEqual({ listings, errors: [] });
  const { errors } = await readListings('channel_sku,sku\n,TAS\nX1,5.77E+17\n');
  expect(errors.map(({ field, code }) => `${field}: ${code}`)).toEqual([
    'csv.1.channel_sku: required',
    'csv.2.sku: scientific-notation',
  ]);
  const strange = await readListings('sku,price\nTAS,1\n');
  expect(strange.errors.map(({ field, code }) => `${field}: ${code}`)).toEqual([
    ...['csv.channel_sku: missing-column', 'csv.price: unknown-column', 'csv.1.channel_sku: required'],
  ]);
});
