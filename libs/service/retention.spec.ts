import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { retention } from './retention.ts';

it('what is kept how long is said in docs/OPERATING.md as the code has it', () => {
  const page = readFileSync(new URL('../../docs/OPERATING.md', import.meta.url), 'utf8');
  const [, section = ''] = /\n## How long it is kept\n([\s\S]*?)(\n## |$)/.exec(page) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(retention.map(({ table, what, days }) => `| \`${table}\` | ${what} | ${days} days |`));
});
