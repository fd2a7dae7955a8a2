/** Builds dist/ when it is not what the sources are. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAMP = join(ROOT, 'dist', '.sources');
const PAGES_STAMP = join(ROOT, 'services', 'portal', 'web', 'dist', '.sources');

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

/**
 * Builds what browsers run when it is not what its sources are.
 * @throws Error with the bundler's words
 */
export async function buildPagesIfStale(log: (line: string) => void): Promise<void> {
  const sources = stampOf(['services/portal/web/**/*.*', 'package-lock.json'], ['services/portal/web/dist/**']);
  if (existsSync(PAGES_STAMP) && readFileSync(PAGES_STAMP, 'utf8') === sources) return;
  log('Building the pages of the portal');
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(ROOT, 'services', 'portal', 'web', 'vite.config.ts');
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', config, '--logLevel', 'warn'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' }, // whatever builds it: React has another self for development
  }).catch(({ stdout, stderr }) => {
    throw new Error(`The build of the pages failed:\n${stdout}${stderr}`);
  });
  writeFileSync(PAGES_STAMP, sources);
}

/**
 * Builds some files of a dist/ that is up to date but for them, each for itself.
 * @param files TypeScript and SQL, by their paths from the root; one that is gone leaves the build
 * @throws Error with the compiler's words; what does not compile stays as it was
 */
export async function rebuild(files: readonly string[]): Promise<void> {
  const { transformFile } = await import('@swc/core'); // it is not there where only what is built runs
  for (const file of files) {
    const source = join(ROOT, file);
    const target = join(ROOT, 'dist', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    if (!existsSync(source)) rmSync(target, { force: true });
    else if (!file.endsWith('.ts')) copyFileSync(source, target);
    else {
      const sourceFileName = relative(dirname(target), source);
      const { code, map = '' } = await transformFile(source, { cwd: ROOT, sourceFileName });
      writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map`);
      writeFileSync(`${target}.map`, map);
    }
  }
  writeFileSync(STAMP, stampOfSources());
}

function stampOfSources(): string {
  const sources = ['{libs,services,deploy/kafka}/**/*.*', 'nest-cli.json', '.swcrc', 'package-lock.json'];
  return stampOf(sources, ['services/portal/web/**']); // what browsers run is built by itself
}

/** Changes when one of these files is added, removed or written. */
function stampOf(patterns: readonly string[], exclude: readonly string[]): string {
  const files = globSync(patterns, { cwd: ROOT, exclude }).sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(join(ROOT, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}
