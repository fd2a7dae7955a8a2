/** Writes what is made of the contracts: documents, and the types of the client for marketplaces. */
import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApi } from './asyncapi.ts';
import { clientTypes } from './client-types.ts';
import { errorsDocument } from './refusals.ts';

const write = (file: string, text: string): void => writeFileSync(new URL(`../../${file}`, import.meta.url), text);

write('docs/asyncapi.yaml', asyncApi());
write('docs/ERRORS.md', errorsDocument());
const released = JSON.parse(readFileSync(new URL('released.json', import.meta.url), 'utf8'));
write('clients/marketplace/messages.d.ts', clientTypes(released));
