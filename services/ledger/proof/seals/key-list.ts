import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { canonical } from '#libs/contracts';
import { isSignedBy, publicKeyText, signed } from './seal.ts';

/*
 * The keys that seal the books, one after another, each from a day on. A list proves itself to whoever trusts one of its
 * keys, from elsewhere:
 *
 * - forwards by `handover`: the key before signs which key comes next, and from which day on;
 * - backwards by `signature`: a key signs its own place, which names all before it by their hash.
 *
 * A key that was lost cannot hand over. Then the next one stands in the list without `handover`, and who trusted only
 * the lost key has to be told of it in another way.
 */

/** What is signed: canonical JSON of this, in UTF-8. */
interface KeyPlace {
  readonly format: 'pasindo.key.v1';
  /** First day that it seals. */
  readonly from: string;
  /** n-th key of the books, from 1. */
  readonly number: number;
  /** SHA-256 of the place of the key before it; null: it is the first. */
  readonly previous: string | null;
  /** Ed25519, DER in base64. */
  readonly publicKey: string;
}

export interface ListedKey extends KeyPlace {
  /** Of the key before it; null: it is the first, or that one was lost. */
  readonly handover: string | null;
  /** Of itself; null: it sealed before keys were listed. */
  readonly signature: string | null;
}

function placeOf({ format, from, number, previous, publicKey }: KeyPlace): KeyPlace {
  return { format, from, number, previous, publicKey };
}

function hashOfPlace(key: KeyPlace): string {
  return hash('sha256', canonical(placeOf(key)), 'hex');
}

/** @param before the list so far */
export function nextKey(
  before: readonly ListedKey[],
  { from, publicKey, own, old }: { from: string; publicKey: string; own?: KeyObject; old?: KeyObject },
): ListedKey {
  const last = before.at(-1);
  const place: KeyPlace = {
    format: 'pasindo.key.v1',
    from,
    number: before.length + 1,
    previous: last ? hashOfPlace(last) : null,
    publicKey,
  };
  return { ...place, handover: old ? signed(place, old) : null, signature: own ? signed(place, own) : null };
}

/** The key that seals this day. */
export function keyOfDay(keys: readonly ListedKey[], date: string): ListedKey | undefined {
  return keys.findLast(({ from }) => from <= date);
}

/** What contradicts itself in a list, by number of the key. */
export function* contradictionsIn(keys: readonly ListedKey[]): Generator<{ number: number; says: string }> {
  for (const [index, key] of keys.entries()) {
    const before = keys[index - 1];
    const { number } = key;
    if (number !== index + 1) yield { number, says: `stands as key ${index + 1} in the list` };
    if (key.previous !== (before ? hashOfPlace(before) : null))
      yield { number, says: 'does not name the key before it' };
    if (before && key.from <= before.from) yield { number, says: 'seals from a day on which the key before it began' };
    if (key.signature !== null && !isSignedBy(placeOf(key), key.signature, key.publicKey)) {
      yield { number, says: 'has not signed its own place' };
    }
    if (key.handover !== null && !(before && isSignedBy(placeOf(key), key.handover, before.publicKey))) {
      yield { number, says: 'was not handed over to by the key before it' };
    }
  }
}

/**
 * The public keys of a list that somebody can trust who trusts these.
 * @returns none of a list that contradicts itself
 */
export function trustedIn(keys: readonly ListedKey[], trusted: readonly string[]): Set<string> {
  if (!contradictionsIn(keys).next().done) return new Set();
  let vouching = -1;
  const given = keys.map(({ publicKey, handover }, index) => {
    const isTrusted = trusted.includes(publicKey) || (handover !== null && vouching === index - 1);
    if (isTrusted) vouching = index;
    return isTrusted;
  });
  const lastVouching = keys.findLastIndex(({ signature }, index) => given[index] && signature !== null);
  return new Set(keys.filter((_, index) => given[index] || index < lastVouching).map(({ publicKey }) => publicKey));
}

/** The public keys in a text: keys as PEM, public or private, or a list of keys as JSON. */
export function publicKeysIn(text: string): string[] {
  if (/^\s*[[{]/.test(text)) {
    const value: ListedKey[] | { items: ListedKey[] } = JSON.parse(text);
    return (Array.isArray(value) ? value : value.items).map(({ publicKey }) => publicKey);
  }
  const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  if (blocks.length === 0) throw new Error('there is no key in it: PEM is wanted, or a list of keys as JSON');
  return blocks.map((block) => publicKeyText(createPublicKey(block)));
}

/** As PEM, the current key first. */
export function pemOf(publicKeys: readonly string[]): string {
  return publicKeys
    .map((key) => createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }))
    .map((key) => key.export({ format: 'pem', type: 'spki' }))
    .reverse()
    .join('');
}
