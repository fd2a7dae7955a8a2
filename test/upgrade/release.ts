/** Another release of Pasindo: what a revision of this repository holds, built. */
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../../deploy/local/processes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = 'package-lock.json';

const run = promisify(execFile);

/**
 * @param revision as git knows it
 * @returns where it is, until this process ends
 */
export async function builtRelease(revision: string, log: (line: string) => void): Promise<string> {
  const directory = temporaryDirectory();
  const archive = join(directory, 'release.tar');
  await run('git', ['archive', '--output', archive, revision], { cwd: ROOT });
  await run('tar', ['-xf', archive], { cwd: directory });
  log(`Building ${revision}`);
  if (lockOf(directory) === lockOf(ROOT)) symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  else await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory });
  await run('npm', ['run', '--silent', 'build'], { cwd: directory });
  return directory;
}

const lockOf = (directory: string): string => readFileSync(join(directory, LOCK), 'utf8');
