import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { knownVulnerabilities } from './components.ts';

const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));

let registry: Server | undefined;
afterEach(() => {
  registry?.close();
});

/** A registry that knows this much against a component. */
async function knowing(advisories: object): Promise<string> {
  registry = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '').slice(1);
    const { version, dependencies } = packages[`node_modules/${name}`] ?? {};
    const page = { name, 'dist-tags': {}, versions: { [version]: { name, version, dependencies } } };
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.method === 'POST' ? advisories : page));
    });
  });
  await new Promise<void>((resolve) => registry?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
}

/** Each is another one: npm remembers what it has read of one. */
const against = (severity: string) => ({
  saxes: [
    { id: randomInt(2 ** 40), url: 'https://example.org/1', title: 'a test', severity, vulnerable_versions: '*' },
  ],
});

it.each<[string, object, string]>([
  ['nothing', {}, 'Nothing high or critical is known against our components.'],
  ['what is low', against('low'), 'Nothing high or critical is known against our components.'],
  ['what is high', against('high'), 'High or critical is known against exceljs, saxes: npm run audit says what.'],
])('of components against which the registry knows %s', async (_, advisories, line) => {
  expect(await knownVulnerabilities(await knowing(advisories))).toBe(line);
});

it('a registry that does not answer is said to have told nothing', async () => {
  expect(await knownVulnerabilities('http://127.0.0.1:9/')).toMatch(/^Not checked: /);
});
