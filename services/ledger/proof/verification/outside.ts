import { existsSync, readFileSync } from 'node:fs';
import { type Kept, keptIn } from '../seals/kept.ts';
import { publicKeysIn } from '../seals/key-list.ts';
import { keptByWitness } from '../seals/witness.ts';

/**
 * What the database cannot answer for itself, because whoever holds it could write it anew: whose signatures count, and
 * what was signed before. It comes from outside of the database.
 */
export interface Outside {
  /** Public keys (DER in base64) with where they are from; none: whose the signatures are is not judged. */
  readonly trusted: ReadonlyMap<string, string>;
  readonly kept: readonly Kept[];
}

export const nothingOutside: Outside = { trusted: new Map(), kept: [] };

/**
 * By the environment of this process: trusted are the keys of `LEDGER_TRUSTED_KEYS` (as PEM, or the file that holds
 * them), else the one that seals (`LEDGER_SEAL_KEY`); kept is what `LEDGER_WITNESS` holds.
 */
export function outsideOf(env: NodeJS.ProcessEnv): Outside {
  const variable = env.LEDGER_TRUSTED_KEYS ? 'LEDGER_TRUSTED_KEYS' : 'LEDGER_SEAL_KEY';
  const configured = env[variable];
  return {
    trusted: configured ? trustedKeys(configured, variable) : new Map(),
    kept: env.LEDGER_WITNESS ? keptByWitness(env.LEDGER_WITNESS) : [],
  };
}

/** @param configured keys as PEM, a list of keys as JSON, or a file of either */
export function trustedKeys(configured: string, source = configured): Map<string, string> {
  const text = existsSync(configured) ? readFileSync(configured, 'utf8') : configured;
  return new Map(publicKeysIn(text).map((key) => [key, source]));
}

export function keptFile(file: string): Kept[] {
  return keptIn(file, readFileSync(file, 'utf8'));
}
