import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { MUTANTS } from './mutants.ts';

const at = (file: string) => new URL(`../../${file}`, import.meta.url);

it.each(MUTANTS.map((mutant) => [mutant.breaks, mutant] as const))(
  'can still be broken on purpose: %s',
  (_, { file, replace, testFile }) => {
    expect(readFileSync(at(file), 'utf8').split(replace)).toHaveLength(2);
    expect(existsSync(at(testFile))).toBe(true);
  },
);
