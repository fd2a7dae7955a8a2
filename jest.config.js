import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));
swc.jsc.rewriteRelativeImportExtensions = false; // tests import the TypeScript sources
delete swc.$schema;

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.pasindo/'],
  transform: { '\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  ...more,
});

/** Over a real Kafka and PostgreSQL, which the setup starts. */
const overInfrastructure = (displayName, testMatch, more) =>
  project(displayName, testMatch, {
    globalSetup: `<rootDir>/test/kit/${displayName}.setup.ts`,
    globalTeardown: '<rootDir>/test/kit/infrastructure.teardown.ts',
    transformIgnorePatterns: ['\\.(setup|teardown)\\.ts$'], // Node runs them itself, with everything that they import
    ...more,
  });

export default {
  testTimeout: 60_000, // of every test: Jest takes it for all projects or for none
  projects: [
    project('unit', ['<rootDir>/{libs,services,deploy,test}/**/*.spec.ts'], {
      testPathIgnorePatterns: [
        '\\.int\\.spec\\.ts$',
        '<rootDir>/test/(journeys|browser|fuzz)/',
        '<rootDir>/test/faults/(faults|failovers)\\.spec',
      ],
    }),
    overInfrastructure('integration', ['<rootDir>/{libs,services,deploy,test}/**/*.int.spec.ts'], {
      setupFiles: ['<rootDir>/test/kit/own-infrastructure.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/kit/empty-broker.ts'],
    }),
    overInfrastructure('journeys', ['<rootDir>/test/journeys/**/*.spec.ts']),
    overInfrastructure('browser', ['<rootDir>/test/browser/**/*.spec.ts']),
    overInfrastructure('fuzz', ['<rootDir>/test/fuzz/**/*.spec.ts']),
    project('faults', ['<rootDir>/test/faults/(faults|failovers).spec.ts']), // over an infrastructure of its own, which it kills
  ],
};
