import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inclusionProof, leafHash, merkleRoot, rootOfProof } from './merkle-tree.ts';

/** Leaves and roots of the reference implementation (google/certificate-transparency, merkletree tests). */
const DATA = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => leafHash(`leaf ${index}`));

/** MTH of RFC 6962, section 2.1, word by word: slow, obviously right. */
function definition(leaves: readonly string[]): string {
  if (leaves.length === 0) return hash('sha256', '', 'hex');
  if (leaves.length === 1) return leaves[0] as string;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const bytes = Buffer.from(`01${definition(leaves.slice(0, split))}${definition(leaves.slice(split))}`, 'hex');
  return hash('sha256', bytes, 'hex');
}

describe('Merkle tree of RFC 6962', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))('of %i leaves has the known root', (size, root) => {
    // leafHash takes text; the vectors are bytes, some of them not UTF-8.
    const leaves = DATA.slice(0, size).map((data) => hash('sha256', Buffer.from(`00${data}`, 'hex'), 'hex'));
    expect(merkleRoot(leaves)).toBe(root);
  });

  it('has the known audit paths of RFC 6962, section 2.1.3', () => {
    const [a, b, c, d, e, f, j] = leavesOf(7) as [string, string, string, string, string, string, string];
    const all = [a, b, c, d, e, f, j];
    const [g, h, i] = [
      [a, b],
      [c, d],
      [e, f],
    ].map(merkleRoot) as [string, string, string];
    const k = merkleRoot([a, b, c, d]);
    const l = merkleRoot([e, f, j]);
    expect(inclusionProof(all, 0)).toEqual([b, h, l]);
    expect(inclusionProof(all, 3)).toEqual([c, g, l]);
    expect(inclusionProof(all, 4)).toEqual([f, j, k]);
    expect(inclusionProof(all, 6)).toEqual([i, k]);
  });

  it('hashes leaves and nodes apart, as text in UTF-8', () => {
    expect(leafHash('')).toBe(ROOTS[1]);
    expect(leafHash('é')).toBe(hash('sha256', Buffer.from('00c3a9', 'hex'), 'hex'));
  });

  it('is the tree by its definition, and over blocks of a power of two the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.constantFrom(1, 2, 8, 64), (size, block) => {
        const leaves = leavesOf(size);
        const root = definition(leaves);
        expect(merkleRoot(leaves)).toBe(root);
        const blocks = Array.from({ length: Math.ceil(size / block) }, (_, index) =>
          merkleRoot(leaves.slice(index * block, (index + 1) * block)),
        );
        expect(merkleRoot(blocks)).toBe(root);
      }),
    );
  });

  it('proves every leaf of every tree up to 40 leaves, and no leaf at another place', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = leavesOf(size);
      const root = merkleRoot(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(leaves, index);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        expect(rootOfProof(leaf, index, size, proof)).toBe(root);
        for (let other = 0; other < size; other++) {
          if (other !== index) expect(rootOfProof(leaf, other, size, proof)).not.toBe(root);
        }
      }
    }
  });

  it('refuses a proof that is altered, shortened or lengthened', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 600 }), fc.nat(), fc.nat(), (size, at, bit) => {
        const leaves = leavesOf(size);
        const index = at % size;
        const leaf = leaves[index] as string;
        const root = merkleRoot(leaves);
        const proof = inclusionProof(leaves, index);
        const altered = proof.with(bit % proof.length, leafHash('another'));
        expect(rootOfProof(leaf, index, size, altered)).not.toBe(root);
        expect(rootOfProof(leafHash('another'), index, size, proof)).not.toBe(root);
        expect(rootOfProof(leaf, index, size, proof.slice(1))).not.toBe(root);
        expect(rootOfProof(leaf, index, size, proof.slice(0, -1))).toBeUndefined();
        expect(rootOfProof(leaf, index, size, [...proof, root])).toBeUndefined();
      }),
    );
  });

  it.each([
    [-1, 3],
    [3, 3],
    [0, 0],
    [0.5, 3],
    [0, Number.NaN],
  ])('has no leaf %p of %p', (index, size) => {
    expect(rootOfProof(leafHash(''), index, size, [])).toBeUndefined();
    expect(() => inclusionProof(leavesOf(Number.isInteger(size) ? size : 0), index)).toThrow(RangeError);
  });
});
