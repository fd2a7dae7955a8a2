import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { canonical } from '#libs/contracts';

/*
 * Each day of the books is sealed once it is over: a signed root of the Merkle tree over the hashes of all journals
 * that were recorded on that day, of all facilities. A journal is posted on a day that may be long past or closed; it is
 * recorded now. So what is recorded on a day that is over never changes, and neither does its seal.
 *
 * Days are those of Jakarta. Leaves are in the order of facility (its id's bytes) and number in the facility's chain.
 * Days without journals are sealed as well: seals follow each other day by day, each names the one before it.
 */

/** What is signed: canonical JSON of this, in UTF-8. */
export interface SealedDay {
  readonly format: 'pasindo.seal.v1';
  /** Day in Asia/Jakarta, `YYYY-MM-DD`. */
  readonly date: string;
  /** How many were recorded on it: the leaves of the tree. */
  readonly journals: number;
  /** The end of the chain of what people decided (row-changes.repository.ts); not in the oldest seals. */
  readonly changes?: { readonly number: number; readonly hash: string };
  /** SHA-256 of the seal of the day before; null: it is the first. */
  readonly previous: string | null;
  /** Ed25519, DER (SubjectPublicKeyInfo) in base64. */
  readonly publicKey: string;
  /** Root of the Merkle tree, 64 hexadecimal digits. */
  readonly root: string;
}

export interface Seal extends SealedDay {
  /** Ed25519 (RFC 8032), base64. */
  readonly signature: string;
}

export function seal(day: Omit<SealedDay, 'format' | 'publicKey'>, privateKey: KeyObject): Seal {
  const sealed: SealedDay = {
    format: 'pasindo.seal.v1',
    ...day,
    publicKey: publicKeyText(createPublicKey(privateKey)),
  };
  return { ...sealed, signature: signed(sealed, privateKey) };
}

/** Whether its own key signed it. Whose key that is, the reader must know from elsewhere. */
export function isGenuine({ signature, ...signedWhole }: { signature: string; publicKey: string }): boolean {
  return isSignedBy(signedWhole, signature, signedWhole.publicKey);
}

/** SHA-256 of what is signed: what the next seal names. */
export function hashOfSeal({ signature: _, ...day }: Seal): string {
  return hash('sha256', canonical(day), 'hex');
}

/** Ed25519 signature of canonical JSON, base64. */
export function signed(value: unknown, privateKey: KeyObject): string {
  return sign(null, Buffer.from(canonical(value)), privateKey).toString('base64');
}

/** @param publicKey DER in base64; whatever is not one has signed nothing */
export function isSignedBy(value: unknown, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: bytesOf(publicKey), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(canonical(value)), key, bytesOf(signature));
  } catch {
    return false;
  }
}

/** Of base64 as it is written here: one text for the same bytes, so that no character of it can be another. */
function bytesOf(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new RangeError('not base64');
  return bytes;
}

export function publicKeyText(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

/** SHA-256 of a public key, in groups to be read out and compared: `3F2A 91B0 ...`, 32 digits. */
export function fingerprint(publicKey: string): string {
  const digits = hash('sha256', Buffer.from(publicKey, 'base64'), 'hex').toUpperCase().slice(0, 32);
  return (digits.match(/.{4}/g) ?? []).join(' ');
}

const jakartaOffsetMs = 7 * 3_600_000;
const dayMs = 86_400_000;

/** The day in Jakarta of an instant. */
export function dayOf(instant: Date): string {
  return new Date(instant.getTime() + jakartaOffsetMs).toISOString().slice(0, 10);
}

export function dayAfter(date: string): string {
  return new Date(Date.parse(date) + dayMs).toISOString().slice(0, 10);
}

/** First instant of a day in Jakarta. */
export function startOf(date: string): Date {
  return new Date(Date.parse(date) - jakartaOffsetMs);
}
