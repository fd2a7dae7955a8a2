import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, jest } from '@jest/globals';
import { runDemo } from '../../deploy/demo/demo.ts';
import { forEachService } from '../../deploy/local/services.ts';
import { commandToken, signedFetch } from '../kit/sign-in.ts';
import { address, kafka } from './stack.ts';

const directory = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(directory, { recursive: true }));

const print = jest.spyOn(console, 'log').mockImplementation(() => {});
afterEach(() => {
  print.mockClear();
});
const printed = (): string => print.mock.calls.flat().join('\n');

it('the demo shares one sale; the next start does not tell it as new, but what was posted since', async () => {
  const stack = { kafka: kafka(), addresses: forEachService(address) };
  const standingFile = join(directory, 'standing.json');

  Object.assign(process.env, await commandToken());
  await runDemo(stack, standingFile);
  expect(printed()).toContain('came over Kafka');
  const tables = /┌.*┘/s.exec(printed())?.[0];
  expect(tables).toMatch(/Maker .* of 50 % of Rp/);
  expect(printed()).not.toContain('ALARM');
  print.mockClear();

  await runDemo(stack, standingFile);
  expect(printed()).toContain('was made at an earlier start');
  expect(printed()).toContain('Nothing has been posted since the last start.');
  expect(printed()).not.toContain('┌');
  const [explanation = ''] = /http\S+explanation/.exec(printed()) ?? [];
  expect(await (await signedFetch(explanation)).json()).toMatchObject({ matches: true });
  print.mockClear();

  const [first, ...others] = JSON.parse(readFileSync(standingFile, 'utf8'));
  writeFileSync(standingFile, JSON.stringify([{ ...first, number: first.number - 1 }, ...others]));
  await runDemo(stack, standingFile);
  expect(printed()).toMatch(/Journals posted since the last start:\n {2}1 at \S+/);
});
