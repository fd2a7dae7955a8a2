import { hash } from 'node:crypto';

/*
 * Merkle trees of RFC 6962, section 2.1 (Certificate Transparency), over SHA-256. Hashes are 64 hexadecimal digits.
 *
 * A tree is computed level by level: neighbours become a node, an odd last one rises as it is. That is the RFC's tree
 * (its split at the largest power of two), and it has a useful property: the tree over the roots of blocks of 2^k
 * leaves is the tree over the leaves.
 */

/** Root of the tree without leaves. */
const EMPTY = hash('sha256', '', 'hex');

/** The hash of a leaf is of 0x00 and its data, so that no node can pass for a leaf. */
export function leafHash(data: string): string {
  return hash('sha256', `\u0000${data}`, 'hex');
}

function nodeHash(left: string, right: string): string {
  return hash('sha256', Buffer.from(`01${left}${right}`, 'hex'), 'hex');
}

export function merkleRoot(leaves: readonly string[]): string {
  let level = leaves;
  while (level.length > 1) level = levelAbove(level);
  return level[0] ?? EMPTY;
}

/** What has to be hashed with a leaf, from the bottom up, to get the root: at most log2(leaves) hashes. */
export function inclusionProof(leaves: readonly string[], index: number): string[] {
  if (!(index in leaves)) throw new RangeError(`leaf ${index} of ${leaves.length}`);
  const proof: string[] = [];
  let position = index;
  for (let level = leaves; level.length > 1; level = levelAbove(level)) {
    const sibling = level[position % 2 === 0 ? position + 1 : position - 1];
    if (sibling !== undefined) proof.push(sibling);
    position = Math.floor(position / 2);
  }
  return proof;
}

/**
 * The root that a proof leads to (RFC 9162, section 2.1.3.2); undefined when no tree of this size has such a proof.
 * @param index of the leaf, from 0
 * @param size number of leaves of the tree
 */
export function rootOfProof(leaf: string, index: number, size: number, proof: readonly string[]): string | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined;
  let position = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0) return undefined;
    // The last node of a level without a neighbour rose as it is.
    while (position === last && position % 2 === 0) {
      position /= 2;
      last /= 2;
    }
    root = position % 2 === 0 ? nodeHash(root, sibling) : nodeHash(sibling, root);
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : undefined;
}

function levelAbove(level: readonly string[]): string[] {
  const above: string[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const left = level[index] as string;
    const right = level[index + 1];
    above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}
