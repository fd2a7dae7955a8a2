/** Passwords of Kafka's users, each in a file of its own that nobody else may read. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptFile } from './kept-file.ts';

export function passwordFile(directory: string, user: string): string {
  return join(directory, `${user}.password`);
}

/** Made once. */
export function keptPassword(directory: string, user: string): string {
  const file = keptFile(passwordFile(directory, user), () => randomBytes(32).toString('base64url'));
  return readFileSync(file, 'utf8').trim();
}
