import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';

const DIST = new URL('../../services/portal/web/dist/', import.meta.url);
const KB = 1_000;

const sizeOf = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, DIST))).length, 0);

/** What a file imports at once, and what that imports; screens and languages are loaded when they are needed. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const source = readFileSync(new URL(file, DIST), 'utf8');
  for (const [, imported = ''] of source.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    withImports(`assets/${imported}`, found);
  return found;
}

const html = readFileSync(new URL('index.html', DIST), 'utf8');
const linked = (pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, file = '']) => file);
const scripts = new Set(linked(/(?:src|href)="\/(assets\/[\w.-]+\.js)"/g).flatMap((file) => [...withImports(file)]));

/** The largest of the files that are loaded beside the first: a screen with all that it imports, and its language. */
function largestLazy(): number {
  const main = [...scripts].map((file) => readFileSync(new URL(file, DIST), 'utf8')).join('\n');
  const screens = [...main.matchAll(/["'](?:\.\/)?(?:assets\/)?([\w.]+screen-[\w-]+\.js)["']/g)].map(
    ([, file = '']) => `assets/${file}`,
  );
  expect(screens.length).toBeGreaterThan(5);
  return Math.max(...screens.map((screen) => sizeOf([...withImports(screen)].filter((file) => !scripts.has(file)))));
}

it('the first screen loads at most 250 kB of JavaScript and 50 kB of styles, compressed', () => {
  expect(scripts.size).toBeGreaterThan(0);
  expect(sizeOf(scripts) + largestLazy()).toBeLessThanOrEqual(250 * KB);
  expect(sizeOf(linked(/href="\/(assets\/[\w.-]+\.css)"/g))).toBeLessThanOrEqual(50 * KB);
});
