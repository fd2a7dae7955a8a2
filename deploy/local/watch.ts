/** `npm run dev`: what is saved is built, and the services that it is part of start again. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rebuild } from './build.ts';
import { PROGRAMS, type Program } from './services.ts';
import type { Services } from './supervisor.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** An editor that saves all its files, or a branch that is checked out, is one change. */
const QUIET_MS = 50;
/** What browsers run is built by itself. */
const PAGES = join('portal', 'web');

/** Until the process ends. What does not compile, or does not start, is logged; its next change is tried again. */
export function restartOnChange({ restart }: Pick<Services, 'restart'>, log: (line: string) => void): void {
  const changed = new Set<string>();
  let turn = Promise.resolve();
  let quiet: NodeJS.Timeout | undefined;

  const apply = async (): Promise<void> => {
    const files = [...changed];
    changed.clear();
    const startedAt = Date.now();
    const services = servicesOf(files);
    try {
      await rebuild(files);
      await Promise.all(services.map(restart));
      log(`${services.join(', ')} started again in ${Date.now() - startedAt} ms: ${files.join(', ')}`);
    } catch (error) {
      for (const file of files) changed.add(file);
      log(error instanceof Error ? error.message : String(error));
    }
  };

  for (const directory of ['libs', 'services']) {
    watch(join(ROOT, directory), { recursive: true }, (_event, name) => {
      if (!name || !isBuilt(name)) return;
      changed.add(join(directory, name));
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        turn = turn.then(apply);
      }, QUIET_MS);
    });
  }
}

function isBuilt(name: string): boolean {
  if (name.startsWith(PAGES)) return false;
  return (name.endsWith('.ts') && !name.endsWith('.spec.ts')) || name.endsWith('.sql');
}

/** A file of `libs` is part of all. */
function servicesOf(files: readonly string[]): readonly Program[] {
  return files.some((file) => file.startsWith('libs'))
    ? PROGRAMS
    : PROGRAMS.filter((service) => files.some((file) => file.startsWith(join('services', service, '/'))));
}
