import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from '@jest/globals';
import { asyncApi } from './asyncapi.ts';
import { clientTypes } from './client-types.ts';
import { violationsOf } from './event.ts';
import { errorsDocument } from './refusals.ts';
import { eventDefinitions } from './registry.ts';
import { isPerChannel } from './topics.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

it('docs/ERRORS.md is what the catalogue of refusals says (npm run asyncapi)', () => {
  expect(read('docs/ERRORS.md')).toBe(errorsDocument());
});

it('the types of the client for marketplaces are those of what is released (npm run asyncapi)', () => {
  expect(read('clients/marketplace/messages.d.ts')).toBe(clientTypes(JSON.parse(read('libs/contracts/released.json'))));
});

it.each(eventDefinitions.filter(({ topic }) => isPerChannel(topic)))(
  '$type has an example that keeps its contract',
  ({ schema, example }) => {
    expect(violationsOf(schema)(example)).toEqual([]);
  },
);

describe('docs/asyncapi.yaml', () => {
  it('is what the registry of events says (npm run asyncapi)', () => {
    expect(read('docs/asyncapi.yaml')).toBe(asyncApi());
  });

  it('is valid AsyncAPI 3.0', async () => {
    const diagnostics = await new Parser().validate(asyncApi());
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  });
});
