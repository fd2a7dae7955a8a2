import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultOf, type LinkedRead, linked, NO_READS, type PersonalRead } from './personal-read.ts';

const reads: fc.Arbitrary<PersonalRead[]> = fc.array(
  fc.record({
    person: fc.string(),
    client: fc.string(),
    route: fc.string(),
    purpose: fc.string(),
    makerIds: fc.array(fc.string()),
  }),
  { minLength: 2, maxLength: 6 },
);
const now = new Date('2026-11-30T00:00:00Z');

function chainOf(all: readonly PersonalRead[]): LinkedRead[] {
  const links: LinkedRead[] = [];
  for (const read of all) links.push(linked(links.at(-1) ?? NO_READS, now, read));
  return links;
}

const faultsOf = (links: readonly LinkedRead[], emptiedBefore = now) =>
  links.flatMap((link, index) => faultOf(links[index - 1] ?? NO_READS, link, emptiedBefore) ?? []);

it('a chain of reads is sound, and whatever is changed, left out, swapped or emptied in it shows', () => {
  fc.assert(
    fc.property(reads, fc.nat(), (all, at) => {
      const links = chainOf(all);
      expect(faultsOf(links)).toEqual([]);
      const index = at % links.length;
      const link = links[index] as LinkedRead;
      const without = links.toSpliced(index, 1);
      if (index < links.length - 1) expect(faultsOf(without)).not.toEqual([]);
      const tampered: Partial<LinkedRead>[] = [
        { at: new Date(1) },
        { read: { ...(link.read as PersonalRead), person: `${link.read?.person}x` } },
        { read: { ...(link.read as PersonalRead), makerIds: [...(link.read?.makerIds ?? []), 'M-1'] } },
        { hash: Buffer.alloc(32) },
        { contentHash: Buffer.alloc(32) },
        { read: null },
      ];
      for (const change of tampered) expect(faultsOf(links.with(index, { ...link, ...change }))).not.toEqual([]);
      expect(faultsOf([...links.slice(1), links[0] as LinkedRead])).not.toEqual([]);
    }),
  );
});

it('what was emptied in its time leaves the chain sound', () => {
  const [first, ...others] = chainOf(
    [1, 2, 3].map((n) => ({ person: `p-${n}`, client: 'c', route: 'r', purpose: 'x', makerIds: [] })),
  );
  const emptied = [{ ...(first as LinkedRead), read: null }, ...others];
  expect(faultsOf(emptied, new Date('2026-12-01T00:00:00Z'))).toEqual([]);
  expect(faultsOf(emptied)).toEqual(['read 1 was emptied before its time']);
});
