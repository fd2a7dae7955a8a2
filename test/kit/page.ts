/** Pages that say what runs have shown. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes `text` into docs/{page}.md, between the marks of its kind. */
export function writeBetween(page: 'PERFORMANCE' | 'RELIABILITY', kind: string, text: string): void {
  const file = fileURLToPath(new URL(`../../docs/${page}.md`, import.meta.url));
  const [start, end] = [`<!-- ${kind} -->`, `<!-- /${kind} -->`];
  const written = readFileSync(file, 'utf8');
  const [before, rest] = [written.indexOf(start), written.indexOf(end)];
  if (before < 0 || rest < before) throw new Error(`docs/${page}.md has no place for ${kind}`);
  writeFileSync(file, `${written.slice(0, before)}${start}\n${text}\n${written.slice(rest)}`);
}
