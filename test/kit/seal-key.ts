import { generateKeyPairSync } from 'node:crypto';

/** A new `LEDGER_SEAL_KEY`. */
export function newSealKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
