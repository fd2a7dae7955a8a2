import { createPublicKey, type KeyObject } from 'node:crypto';
import { publicKeyText, signed } from './seal.ts';

/*
 * Where the books stand at a moment: the end of every chain, signed. Whoever keeps one can show later that something was
 * cut off behind it, also before the day was sealed: a chain that has another journal at that place, or none, is not the
 * chain that was signed.
 */

/** What is signed: canonical JSON of this, in UTF-8. */
interface Standing {
  readonly format: 'pasindo.checkpoint.v1';
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The last recorded change of what people decided; null: none yet. */
  readonly changes: { readonly hash: string; readonly number: number } | null;
  /** The last journal of each facility, by facility. */
  readonly heads: readonly { readonly facilityId: string; readonly hash: string; readonly number: number }[];
  /** Ed25519, DER in base64. */
  readonly publicKey: string;
  /** The last day that is sealed, with the hash of its seal; null: none yet. */
  readonly seal: { readonly date: string; readonly hash: string } | null;
}

export interface Checkpoint extends Standing {
  /** Ed25519, base64. */
  readonly signature: string;
}

export function checkpoint(standing: Omit<Standing, 'format' | 'publicKey'>, key: KeyObject): Checkpoint {
  const whole: Standing = {
    format: 'pasindo.checkpoint.v1',
    ...standing,
    publicKey: publicKeyText(createPublicKey(key)),
  };
  return { ...whole, signature: signed(whole, key) };
}
