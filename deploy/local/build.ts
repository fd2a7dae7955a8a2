/** Builds dist/ when it is not what the sources are. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAMP = join(ROOT, 'dist', '.sources');

/** @throws Error with the compiler's output when the sources do not compile */
export async function buildIfStale(log: (line: string) => void): Promise<void> {
  const sources = stampOfSources();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return;
  log('Building the services');
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  const nest = join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  await promisify(execFile)(process.execPath, [nest, 'build', '--all'], { cwd: ROOT }).catch(({ stdout, stderr }) => {
    throw new Error(`The build failed:\n${stdout}${stderr}`);
  });
  writeFileSync(STAMP, sources);
}

/** Changes when a file of the build is added, removed or written. */
function stampOfSources(): string {
  const files = globSync(['{libs,services}/**/*.*', 'nest-cli.json', '.swcrc', 'package-lock.json'], {
    cwd: ROOT,
  }).sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(join(ROOT, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}
