import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { isInstalled } from '../../test/kit/programs.ts';
import { temporaryDirectory } from '../local/processes.ts';
import { PROGRAMS } from '../local/services.ts';

const CHART = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(CHART, '../..');
const VALUES = ['small', 'production', 'operators'];

interface Container {
  readonly command: string[];
  readonly env: { name: string; value: string }[];
  readonly volumeMounts: { name: string; mountPath: string }[];
}

interface Resource {
  readonly kind: string;
  readonly metadata: { name: string; annotations?: Record<string, string> };
  readonly spec: { template: { spec: { containers: [Container]; volumes: { name: string }[] } } };
}

function helm(
  command: string,
  values: string,
  ...more: string[]
): { status: number | null; stdout: string; stderr: string } {
  const words = command === 'template' ? ['template', 'pasindo'] : [command, '--strict'];
  const file = join(CHART, 'values', `${values}.yaml`);
  return spawnSync('helm', [...words, CHART, '--values', file, ...more], { encoding: 'utf8' });
}

function rendered(values: string, ...more: string[]): Resource[] {
  const { status, stdout, stderr } = helm('template', values, ...more);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Resource | null) ?? []);
}

const named = (resources: Resource[], kind: string, name: string): Resource =>
  resources.find((one) => one.kind === kind && one.metadata.name === `pasindo-${name}`) as Resource;
const podOf = ({ spec }: Resource) => spec.template.spec;
const environmentOf = (resource: Resource): Record<string, string> =>
  Object.fromEntries(podOf(resource).containers[0].env.map(({ name, value }) => [name, value]));

(isInstalled('helm') ? describe : describe.skip)('the chart', () => {
  it.each(VALUES)('is taken by Helm with the values %s', (values) => {
    expect(helm('lint', values)).toMatchObject({ status: 0 });
  });

  (isInstalled('kubernetes-validate') ? it : it.skip).each(['1.33', '1.37'])(
    'asks for nothing that Kubernetes %s does not know',
    (version) => {
      const directory = temporaryDirectory();
      const written = (name: string, text: string): string => {
        writeFileSync(join(directory, name), text);
        return join(directory, name);
      };
      // What several values lead to is judged once: a schema is read anew for each document.
      const documents = VALUES.flatMap((values) => helm('template', values).stdout.split(/^---$/m));
      const asked = written('asked.yaml', [...new Set(documents)].join('---'));
      const misspelt = documents
        .find((document) => document.includes('readOnlyRootFilesystem'))
        ?.replace('readOnlyRootFilesystem', 'readonlyRootFilesystem');
      const words = ['-k', version, '--strict', '--quiet', asked, written('misspelt.yaml', misspelt ?? '')];
      const { stdout, stderr } = spawnSync('kubernetes-validate', words, { encoding: 'utf8' });
      // What is none of Kubernetes' own is judged by nobody here.
      const ofOthers = /with api version (postgresql\.cnpg\.io|kafka\.strimzi\.io|monitoring\.coreos\.com)\/v1 /;
      const judged = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '' && !ofOthers.test(line));
      expect(judged).toHaveLength(1);
      expect(judged[0]).toMatch(/misspelt.*readonlyRootFilesystem/);
    },
  );

  it.each([
    ['no issuer', 'issuer='],
    ['an issuer without TLS', 'issuer=http://id.example.go.id'],
    ['a service that is none', 'services.ledgers.replicas=1'],
    ['no instance of a service', 'services.ledger.replicas=0'],
    ['memory without a unit', 'services.ledger.memory=1024'],
    ['a setting that nobody reads', 'settings.LOG_LEVLE=debug'],
    ['a channel that cannot be one', 'channels[0]=Blanja'],
    ['nobody who may come', 'network.clients=null'],
    ['a Kafka without an address', 'kafka.brokers='],
    ['plain text that nobody wanted', 'tls.secret='],
    ['TLS and plain text', 'allowPlaintext=true'],
  ])('refuses %s', (_, value) => {
    const { status, stderr } = helm('template', 'production', '--set', value);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/schema/);
  });

  const resources = isInstalled('helm') ? rendered('production') : [];

  it.each(PROGRAMS)('tells %s what the compose file tells it, by names that the sources know', (service) => {
    const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true });
    const chart = environmentOf(named(resources, 'StatefulSet', service));
    const plain = (name: string): string => name.replace(/_FILE$/, '');
    const told = Object.keys(chart).map(plain);
    const wanted = Object.keys(compose.services[service].environment).filter((name) => name !== 'ALLOW_PLAINTEXT');
    expect(wanted.filter((name) => !told.includes(plain(name)))).toEqual([]);
    const known = new Set([...sources().matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:PORT|HOST)\b/g)].map(([name]) => name));
    const ofNode = ['NODE_EXTRA_CA_CERTS'];
    const computed = /_ADDRESS$/; // the portal makes these names
    expect(
      Object.keys(chart).filter(
        (name) => !known.has(name) && !known.has(plain(name)) && !ofNode.includes(name) && !computed.test(name),
      ),
    ).toEqual([]);
    expect(podOf(named(resources, 'StatefulSet', service)).containers[0].command.at(-1)).toBe(
      `dist/services/${service}/main.js`,
    );
  });

  it.each(VALUES)('whatever a pod reads is a file that is mounted: %s', (values) => {
    for (const resource of rendered(values).filter(({ kind }) => kind === 'StatefulSet' || kind === 'Job')) {
      const [{ volumeMounts }] = podOf(resource).containers;
      const volumes = podOf(resource).volumes.map(({ name }) => name);
      expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.sort());
      const files = Object.values(environmentOf(resource)).filter((value) => value.startsWith('/'));
      for (const file of files)
        expect(volumeMounts.some(({ mountPath }) => `${file}/`.startsWith(`${mountPath}/`))).toBe(true);
    }
  });

  it('only a migration knows who owns a database, and it knows nothing else that is secret', () => {
    for (const service of PROGRAMS) {
      expect(JSON.stringify(named(resources, 'StatefulSet', service))).not.toContain('-owner');
      const migration = named(resources, 'Job', `migrate-${service}`);
      expect(environmentOf(migration)).toMatchObject({
        MIGRATION_DATABASE_URL_FILE: `/secrets/${service}-owner/database-url`,
      });
      expect(Object.keys(environmentOf(migration)).filter((name) => !name.includes('DATABASE_URL'))).toEqual([]);
    }
  });

  it('what changes databases and topics is done before anything is exchanged, but for servers that are not there yet', () => {
    const hooks = (all: Resource[]) =>
      all.filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.annotations?.['helm.sh/hook']);
    const before = Array(6).fill('pre-install,pre-upgrade');
    expect(hooks(resources)).toEqual(before);
    expect(hooks(rendered('operators'))).toEqual(Array(6).fill(undefined));
    expect(hooks(rendered('operators', '--is-upgrade'))).toEqual(before);
  });

  it('keeps what two servers have on two machines', () => {
    const servers = rendered('operators').filter(({ kind }) => kind === 'Cluster' || kind === 'KafkaNodePool');
    expect(servers).toHaveLength(7);
    for (const { kind, spec } of servers) {
      expect(spec).toMatchObject(
        kind === 'Cluster'
          ? { affinity: { podAntiAffinityType: 'required', topologyKey: 'kubernetes.io/hostname' } }
          : {
              template: {
                pod: {
                  affinity: {
                    podAntiAffinity: {
                      requiredDuringSchedulingIgnoredDuringExecution: [
                        {
                          topologyKey: 'kubernetes.io/hostname',
                          labelSelector: { matchLabels: { 'strimzi.io/pool-name': 'pasindo-kafka' } },
                        },
                      ],
                    },
                  },
                },
              },
            },
      );
    }
  });

  it('has the alarms and the dashboard of deploy/monitoring', () => {
    const of = (file: string) => readFileSync(join(ROOT, 'deploy/monitoring', file), 'utf8');
    const rule = resources.find(({ kind }) => kind === 'PrometheusRule');
    expect(rule?.spec).toEqual(parse(of('alerts.yml')));
    const dashboard = named(resources, 'ConfigMap', 'dashboard') as unknown as { data: Record<string, string> };
    expect(JSON.parse(dashboard.data['pasindo.json'] as string)).toEqual(JSON.parse(of('dashboards/pasindo.json')));
  });
});

function sources(): string {
  return ['libs', 'services', 'deploy/kafka']
    .flatMap((directory) =>
      readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' }).map((file) => join(directory, file)),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
}
