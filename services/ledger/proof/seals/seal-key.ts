import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * The key that seals the books.
 * @param configured `LEDGER_SEAL_KEY`: an Ed25519 private key as PEM, or the file that holds it
 */
export function sealKey(configured: string | undefined): KeyObject {
  if (!configured) throw new Error('LEDGER_SEAL_KEY is not set: openssl genpkey -algorithm ed25519 -out FILE');
  const key = createPrivateKey(configured.includes('-----BEGIN') ? configured : readFileSync(configured));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('LEDGER_SEAL_KEY must be an Ed25519 private key');
  return key;
}
