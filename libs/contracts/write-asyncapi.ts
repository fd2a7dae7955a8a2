import { writeFileSync } from 'node:fs';
import { asyncApi } from './asyncapi.ts';
import { errorsDocument } from './refusals.ts';

const write = (file: string, text: string): void => writeFileSync(new URL(`../../${file}`, import.meta.url), text);

write('docs/asyncapi.yaml', asyncApi());
write('docs/ERRORS.md', errorsDocument());
