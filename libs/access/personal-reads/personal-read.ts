import { createHash } from 'node:crypto';
import { canonical } from '#libs/contracts';

/** That somebody was shown who some makers are. */
export interface PersonalRead {
  /** Person id of the reader, and the program that he or she used. */
  readonly person: string;
  readonly client: string;
  /** Its pattern: `POST /v1/makers/names`. */
  readonly route: string;
  readonly purpose: string;
  /** Whose names were shown; none: it was asked for, and there was nobody. */
  readonly makerIds: readonly string[];
}

/** A link of the chain of all reads. After its time what was read is gone, and the link stays. */
export interface LinkedRead {
  /** n-th read, without gaps. */
  readonly number: number;
  readonly at: Date;
  readonly read: PersonalRead | null;
  readonly contentHash: Buffer;
  readonly hash: Buffer;
}

export type End = Pick<LinkedRead, 'number' | 'hash'>;

export const NO_READS: End = { number: 0, hash: Buffer.alloc(0) };

/** A read as the next of the chain. */
export function linked(end: End, at: Date, read: PersonalRead): LinkedRead {
  const contentHash = contentHashOf(read);
  const number = end.number + 1;
  return { number, at, read, contentHash, hash: hashOf(end.hash, number, at, contentHash) };
}

/** What is wrong with a link that follows this end of the chain. */
export function faultOf(end: End, link: LinkedRead, emptiedBefore: Date): string | undefined {
  const { number, at, read, contentHash, hash } = link;
  if (number !== end.number + 1) return `read ${end.number + 1} is missing`;
  if (read === null && at >= emptiedBefore) return `read ${number} was emptied before its time`;
  if (read !== null && !contentHashOf(read).equals(contentHash)) return `read ${number} was changed`;
  if (!hashOf(end.hash, number, at, contentHash).equals(hash))
    return `read ${number} does not follow the one before it`;
  return undefined;
}

function contentHashOf({ person, client, route, purpose, makerIds }: PersonalRead): Buffer {
  return createHash('sha256').update(canonical({ person, client, route, purpose, makerIds })).digest();
}

function hashOf(previous: Buffer, number: number, at: Date, contentHash: Buffer): Buffer {
  const content = canonical([number, at.toISOString(), contentHash.toString('hex')]);
  return createHash('sha256').update(previous).update(content).digest();
}
