import { fileURLToPath } from 'node:url';
import { defineConfig } from '@lingui/conf';
import { formatter } from '@lingui/format-po';

/** Sentences stand in the code in Indonesian; messages/en.po has each of them in English. */
export default defineConfig({
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  sourceLocale: 'id',
  locales: ['id', 'en'],
  catalogs: [{ path: '<rootDir>/messages/{locale}', include: ['<rootDir>'], exclude: ['**/dist/**', '**/*.spec.ts'] }],
  format: formatter({ lineNumbers: false }),
});
