import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from './checkpoint.ts';
import { type Kept, keptIn } from './kept.ts';
import type { Seal } from './seal.ts';

/*
 * A directory outside of the database, to which the ledger writes every seal, and where the chains stand now. Who has
 * the database in his or her hands, and not this directory, cannot make unsaid what it says.
 */

const SEALS = 'seals.jsonl';
const CHECKPOINT = 'checkpoint.json';

export function keptByWitness(directory: string): Kept[] {
  return [...keptIn(join(directory, SEALS), read(directory, SEALS)), ...lastWitnessed(directory)];
}

/** Where the chains stood when it was told last; none: it has not been told yet. */
export function lastWitnessed(directory: string): Kept[] {
  return keptIn(join(directory, CHECKPOINT), read(directory, CHECKPOINT));
}

/** The last day whose seal it has. */
export function lastDayWitnessed(directory: string): string | undefined {
  const last = read(directory, SEALS).trimEnd().split('\n').at(-1);
  return last ? (JSON.parse(last) as Seal).date : undefined;
}

/** @param seals those that it does not have yet, from the oldest */
export function bearWitness(directory: string, seals: readonly Seal[], checkpoint: Checkpoint): void {
  mkdirSync(directory, { recursive: true });
  if (seals.length > 0) {
    const more = seals.map((seal) => `${JSON.stringify(seal)}\n`);
    replace(directory, SEALS, read(directory, SEALS) + more.join(''));
  }
  replace(directory, CHECKPOINT, `${JSON.stringify(checkpoint)}\n`);
}

function read(directory: string, name: string): string {
  const file = join(directory, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Whole or not at all. */
function replace(directory: string, name: string, text: string): void {
  const next = join(directory, `${name}.${process.pid}`);
  writeFileSync(next, text, { flush: true });
  renameSync(next, join(directory, name));
}
