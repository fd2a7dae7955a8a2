/** docs/SECURITY.md: every requirement has an answer, and what is named as its proof is there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const isThere = (file: string): boolean => existsSync(new URL(`../../${file}`, import.meta.url));
const page = read('docs/SECURITY.md');

/** Requirements of each level: ASVS 5.0.0, `5.0/docs_en/OWASP_Application_Security_Verification_Standard_5.0.0_en.csv`. */
const ITEMS = { 1: 70, 2: 183 };

const items = [...page.matchAll(/^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.*?) \| (.*) \|$/gm)].map(
  ([, id = '', level = '', about = '', answer = '']) => ({ id, level, about, answer }),
);
/** A file, and in quotation marks the name of a test in it. */
const named = [...page.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:ts|md|ya?ml|json)|[\w/]+\/Dockerfile)`(?: "([^"]+)")?/g)];

it('every item of levels 1 and 2 is on the page, once', () => {
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  for (const [level, count] of Object.entries(ITEMS)) {
    expect([level, items.filter((item) => item.level === level).length]).toEqual([level, count]);
  }
});

it('has an answer: a test, a place, the installation, or why it has none', () => {
  const isAnswered = (answer: string): boolean =>
    /`[\w./-]+\.\w+`|`[\w/]+\/Dockerfile`|\]\(#|\b(?:Installation|None|Open)\b/.test(answer);
  expect(items.filter(({ about, answer }) => about.trim() === '' || !isAnswered(answer))).toEqual([]);
});

it('names files that are there, and tests that are in them', () => {
  expect(named.length).toBeGreaterThan(items.length / 2);
  const missing = named.filter(
    ([, file = '', test]) => !isThere(file) || (test !== undefined && !read(file).includes(`'${test}'`)),
  );
  expect(missing.map(([text]) => text)).toEqual([]);
});
