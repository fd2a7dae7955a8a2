import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contractionsIn, expansionsIn } from './contractions.ts';

/** Since then versions run beside each other; what is older was applied with every service stopped. */
const SINCE = 1764000002999;

const files = globSync('{libs,services}/**/migrations/[0-9]*.ts').filter((file) => !file.endsWith('.spec.ts'));
const timeOf = (file: string): number => Number(/^\d+/.exec(basename(file))?.[0]);

it.each(files.map((file) => [file, timeOf(file)] as const))('%s', (file, time) => {
  const expansions = expansionsIn(file);
  expect(expansions.every(({ name }) => name.endsWith(`${time}`))).toBe(true); // else it would not be found
  if (time > SINCE) expect(expansions.flatMap(({ sql }) => contractionsIn(sql))).toEqual([]);
});

describe('a step that expands', () => {
  it.each([
    'CREATE TABLE note (id int PRIMARY KEY, text text NOT NULL)',
    'ALTER TABLE note ADD COLUMN author text',
    `ALTER TABLE note ADD COLUMN kind text NOT NULL DEFAULT 'plain', ADD COLUMN size int`,
    'ALTER TABLE note ADD COLUMN size int GENERATED ALWAYS AS (length(text)) STORED NOT NULL',
    'ALTER TABLE note ALTER COLUMN author DROP NOT NULL',
    'CREATE INDEX CONCURRENTLY note_author ON note (author)',
  ])('may %s', (sql) => {
    expect(contractionsIn(sql)).toEqual([]);
  });

  it.each([
    ['DROP TABLE note', /takes something away/],
    ['ALTER TABLE note DROP COLUMN author', /takes something away/],
    ['ALTER TABLE note DROP CONSTRAINT note_pkey', /takes something away/],
    ['ALTER TABLE note RENAME TO remark', /renames/],
    ['ALTER TABLE note RENAME COLUMN author TO writer', /renames/],
    ['ALTER TABLE note RENAME author TO writer', /renames/],
    ['ALTER TABLE note ALTER COLUMN author SET NOT NULL', /forbids null/],
    ['ALTER TABLE note ADD COLUMN kind text NOT NULL', /wants a value/],
    ['ALTER TABLE note ADD COLUMN size int, ADD COLUMN kind text NOT NULL', /wants a value/],
    ['ALTER TABLE note ALTER COLUMN size TYPE bigint', /changes a type/],
    ['ALTER TABLE note ALTER size SET DATA TYPE bigint', /changes a type/],
  ])('may not %s', (sql, why) => {
    expect(contractionsIn(sql)).toEqual([expect.stringMatching(why)]);
  });
});
