import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { setting } from './setting.ts';

const directory = mkdtempSync(join(tmpdir(), 'setting-'));
const file = join(directory, 'secret');
writeFileSync(file, 'of the file\n');
afterAll(() => rmSync(directory, { recursive: true }));

it.each<[NodeJS.ProcessEnv, string | undefined]>([
  [{}, undefined],
  [{ SECRET: 'itself' }, 'itself'],
  [{ SECRET_FILE: file }, 'of the file'],
  [{ SECRET: '', SECRET_FILE: file }, 'of the file'],
  [{ SECRET: 'itself', SECRET_FILE: file }, 'itself'],
  [{ SECRET_FILE: '' }, undefined],
])('%j says %j', (environment, value) => {
  expect(setting('SECRET', environment)).toBe(value);
});

it('a file that is not there is not passed over', () => {
  expect(() => setting('SECRET', { SECRET_FILE: join(directory, 'nothing') })).toThrow('ENOENT');
});
