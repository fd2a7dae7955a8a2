import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** One file imports another; both as paths from the root of the project. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** What the services and libraries import of each other, types included; tests and migrations aside. */
export function importsOf(root: string): { files: string[]; imports: Import[] } {
  const files = globSync('{libs,services}/**/*.ts', { cwd: root })
    .filter((file) => !/\.spec\.ts$|\.d\.ts$|\/migrations\//.test(file))
    .sort();
  const imports = files.flatMap((from) =>
    ts
      .preProcessFile(readFileSync(join(root, from), 'utf8'))
      .importedFiles.flatMap(({ fileName }) => targetOf(from, fileName) ?? [])
      .filter((to) => existsSync(join(root, to)) && !to.includes('/migrations/'))
      .map((to) => ({ from, to })),
  );
  return { files, imports };
}

/** The file of ours that a specifier names; undefined: it names none. */
export function targetOf(from: string, name: string): string | undefined {
  if (name.startsWith('#libs/')) return `${name.slice(1)}/index.ts`;
  return name.startsWith('.') ? join(dirname(from), name) : undefined;
}
