import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { PURPOSES } from './purpose.ts';

it('docs/PRIVACY.md lists what names may be read for', () => {
  const page = readFileSync(new URL('../../../docs/PRIVACY.md', import.meta.url), 'utf8');
  const rows = Object.entries(PURPOSES).map(([name, { id, en }]) => `| \`${name}\` | ${id} · ${en} |`);
  expect(page).toContain(`|---|---|\n${rows.join('\n')}\n\n`);
});
