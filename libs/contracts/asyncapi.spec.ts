import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from '@jest/globals';
import { asyncApi } from './asyncapi.ts';

describe('docs/asyncapi.yaml', () => {
  it('is what the registry of events says (npm run asyncapi)', () => {
    expect(readFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), 'utf8')).toBe(asyncApi());
  });

  it('is valid AsyncAPI 3.0', async () => {
    const diagnostics = await new Parser().validate(asyncApi());
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  });
});
