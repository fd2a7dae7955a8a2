/** `npm run docs:architecture`: draws the pictures of docs/ARCHITECTURE.md anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withPictures } from './document.ts';

const FILE = 'docs/ARCHITECTURE.md';

writeFileSync(FILE, withPictures(readFileSync(FILE, 'utf8'), '.'));
