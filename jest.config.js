import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));
swc.jsc.rewriteRelativeImportExtensions = false; // tests import the TypeScript sources
delete swc.$schema;

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  transform: { '\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'import', 'default'] },
  ...more,
});

export default {
  projects: [
    project('unit', ['<rootDir>/{libs,services,deploy,test}/**/*.spec.ts'], {
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$'],
    }),
  ],
};
