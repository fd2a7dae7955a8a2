import { afterEach, expect, it, jest } from '@jest/globals';
import { Kept } from './kept.ts';

afterEach(() => {
  jest.useRealTimers();
});

const failing = () => Promise.reject(new Error('away'));

it('is got once a minute; what cannot be got anew is told as it was, and as of when', async () => {
  jest.useFakeTimers({ now: 1_000_000 });
  const kept = new Kept<string>();
  await expect(kept.get('a', failing)).rejects.toThrow('away');
  expect(await kept.get('a', async () => 'first')).toEqual({
    value: 'first',
    asOf: new Date(1_000_000),
    isStale: false,
  });
  jest.setSystemTime(1_059_999);
  expect(await kept.get('a', async () => 'second')).toMatchObject({ value: 'first', isStale: false });
  jest.setSystemTime(1_060_000);
  expect(await kept.get('a', failing)).toEqual({ value: 'first', asOf: new Date(1_000_000), isStale: true });
  expect(await kept.get('a', async () => 'third')).toMatchObject({ value: 'third', isStale: false });
  kept.forget('a');
  expect(await kept.get('a', async () => 'fourth')).toMatchObject({ value: 'fourth', isStale: false });
});

it('keeps a hundred copies, the latest', async () => {
  const kept = new Kept<number>();
  for (let copy = 0; copy <= 100; copy += 1) await kept.get(`${copy}`, async () => copy);
  expect(await kept.get('1', failing)).toMatchObject({ value: 1 });
  await expect(kept.get('0', failing)).rejects.toThrow('away');
});
