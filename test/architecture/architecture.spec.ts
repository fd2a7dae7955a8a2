import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { withPictures } from './document.ts';

const document = readFileSync('docs/ARCHITECTURE.md', 'utf8');
const glossary = readFileSync('docs/GLOSSARY.md', 'utf8');

it('the pictures are what the sources have: else `npm run docs:architecture`', () => {
  expect(document).toBe(withPictures(document, '.'));
});

it('every file that is named is there', () => {
  const named = [...(document + glossary).matchAll(/`((?:services|libs|test|deploy|docs)\/[^`\s]*)`/g)].map(
    ([, file = '']) => file,
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

it('no rooms of a service stand in a circle', () => {
  const circles = [...document.matchAll(/^\| (catalogue|orders|payments|ledger) \|.* (\d+) \|$/gm)];
  expect(circles.map(([, service, count]) => `${service} ${count}`)).toEqual([
    'catalogue 0',
    'orders 0',
    'payments 0',
    'ledger 0',
  ]);
});
