import { expect, it } from '@jest/globals';
import { InBatches } from './in-batches.ts';

const never = () => false;

it('what comes while work is done is done together next, and everybody has his own answer', async () => {
  const batches: number[][] = [];
  const doubled = new InBatches<number, number>(
    3,
    async (items) => {
      batches.push([...items]);
      return items.map((item) => item * 2);
    },
    never,
  );
  expect(await Promise.all([1, 2, 3, 4, 5].map((item) => doubled.add(item)))).toEqual([2, 4, 6, 8, 10]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  expect(await doubled.add(6)).toBe(12);
});

it('what fails fails alone', async () => {
  const picky = new InBatches<number, number>(
    10,
    async (items) => {
      if (items.includes(13)) throw new Error('13');
      return [...items];
    },
    never,
  );
  const asked = await Promise.allSettled([1, 2, 13, 4].map((item) => picky.add(item)));
  expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

it('what fails for everybody is not tried for each', async () => {
  let tries = 0;
  const away = new InBatches<number, number>(
    10,
    async () => {
      tries += 1;
      throw new Error('away');
    },
    () => true,
  );
  const asked = await Promise.allSettled([1, 2, 3].map((item) => away.add(item)));
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(tries).toBe(2); // the first alone, and those that came meanwhile
});
