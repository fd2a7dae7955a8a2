/** The page that says what the runs have shown. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RELIABILITY = fileURLToPath(new URL('../../docs/RELIABILITY.md', import.meta.url));

/** Between the marks of its kind. */
export function writeBetween(kind: string, text: string): void {
  const [start, end] = [`<!-- ${kind} -->`, `<!-- /${kind} -->`];
  const page = readFileSync(RELIABILITY, 'utf8');
  const [before, rest] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || rest < before) throw new Error(`docs/RELIABILITY.md has no place for ${kind}`);
  writeFileSync(RELIABILITY, `${page.slice(0, before)}${start}\n${text}\n${page.slice(rest)}`);
}
