/** Passwords of Kafka's users, each in a file of its own that nobody else may read. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function passwordFile(directory: string, user: string): string {
  return join(directory, `${user}.password`);
}

/** Made once. */
export function keptPassword(directory: string, user: string): string {
  const file = passwordFile(directory, user);
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
