import { writeFileSync } from 'node:fs';
import { asyncApi } from './asyncapi.ts';

writeFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), asyncApi());
