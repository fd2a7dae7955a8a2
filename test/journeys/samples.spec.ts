/** What a marketplace's developer copies: the client as it is published, and the samples, each run as its first lines say. */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { kafkaClient, PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { tokenOf } from '../kit/issuer.ts';
import { ALL_OURS, openChannel } from './marketplace.ts';
import { address, fromSetup, kafka, read } from './stack.ts';
import { openWorkshop } from './workshop.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLES = join(ROOT, 'samples');
const run = promisify(execFile);

/** The oldest Node that the client is for, from the registry. */
function oldestNode(): string {
  const node = `node-${process.platform}-${process.arch}@18`;
  const asked = ['--yes', '--package', node, 'node', '--print', 'process.execPath'];
  return execFileSync('npx', asked, { encoding: 'utf8' }).trim();
}

/**
 * What kcat needs beside its own. A librdkafka before 2.6.1, such as Debian's, says its nonce twice when it signs in by
 * SCRAM, which a Kafka 4 does not take any more; there is a newer one in the Python client, and kcat runs with it.
 */
function environmentOfKcat(): { LD_LIBRARY_PATH?: string } {
  const [, ...version] =
    /librdkafka (\d+)\.(\d+)\.(\d+)/.exec(execFileSync('kcat', ['-V'], { encoding: 'utf8' })) ?? [];
  const [major = 0, minor = 0, patch = 0] = version.map(Number);
  if (major * 1e6 + minor * 1e3 + patch >= 2_006_001) return {};
  const libraries = join(PASINDO_DIRECTORY, 'librdkafka');
  const packed = join(libraries, 'confluent_kafka.libs');
  if (!existsSync(packed)) {
    const wanted = ['--only-binary', ':all:', '--no-deps', '--target', libraries, 'confluent-kafka>=2.6.1,<3'];
    execFileSync('python3', ['-m', 'pip', 'install', '--quiet', ...wanted], { stdio: 'pipe' });
  }
  const [library = ''] = readdirSync(packed).filter((file) => file.startsWith('librdkafka'));
  if (!existsSync(join(packed, 'librdkafka.so.1'))) symlinkSync(library, join(packed, 'librdkafka.so.1'));
  return { LD_LIBRARY_PATH: packed };
}

/** With the client as it is packed to be published, and nothing else of ours. */
const directory = temporaryDirectory();
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  const { sku } = await openWorkshop({ stock: 1_000 });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], {
    cwd: join(ROOT, 'clients/marketplace'),
  });
  const place = join(directory, 'node_modules', '@pasindo', 'marketplace');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', [
    '-xzf',
    join(directory, 'pasindo-marketplace-0.1.0.tgz'),
    '-C',
    place,
    '--strip-components',
    '1',
  ]);
  copyFileSync(join(SAMPLES, 'node', 'sell.mjs'), join(directory, 'sell.mjs'));
  const { after } = await read<{ after: number }>('orders', 'outcomes?channel=blanja&limit=1000');
  environment = {
    ...{ PATH: process.env.PATH, PASINDO_URL: address('orders'), CHANNEL: 'blanja', SKU: sku, AFTER: `${after}` },
    ...{ WEBHOOK_SECRET_FILE: join(fromSetup('WEBHOOK_SECRETS'), 'blanja'), ...kafka().as('mp-blanja') },
    TOKEN: await tokenOf({ grants: ['marketplace@channel:blanja'] }),
  };
});

it('the client is packed without dependencies, and with nothing but itself', () => {
  const files = execFileSync('tar', ['-tzf', join(directory, 'pasindo-marketplace-0.1.0.tgz')], { encoding: 'utf8' });
  const expected = ['conformance.js', 'index.d.ts', 'index.js', 'messages.d.ts', 'package.json'].map(
    (name) => `package/${name}`,
  );
  expect(files.trim().split('\n').sort()).toEqual(expected);
  const described = JSON.parse(readFileSync(join(ROOT, 'clients/marketplace/package.json'), 'utf8'));
  for (const field of Object.keys(described)) expect(field).not.toMatch(/dependencies|scripts/i);
});

const REFUNDED = '"status":"partly-refunded"';
const CREDITED = '"status":"credited"';

async function sells(expected: string, program: string, parameters: readonly string[], more: object = {}) {
  const order = randomUUID();
  const env = { ...environment, ...more };
  const { stdout } = await run(program, [...parameters, order], { cwd: directory, env });
  const told = stdout.split('\n').filter((line) => line.includes(`"orderId":"blanja/${order}"`));
  expect(told.at(-1)).toContain(expected);
}

/** What a registry or a package of the system would have to bring; undefined, and said in a line: it cannot be had here. */
function hadHere<Thing>(sample: string, get: () => Thing): Thing | undefined {
  try {
    return get();
  } catch (error) {
    console.log(`Not run: ${sample}, as it cannot be had here what it runs with: ${(error as Error).message}`);
    return undefined;
  }
}

it('samples/curl.sh sells, and hears what became of it', () => sells(REFUNDED, 'sh', [join(SAMPLES, 'curl.sh')]));

it('samples/node/sell.mjs sells with the client as it is packed, and hears what became of it', () =>
  sells(REFUNDED, process.execPath, [join(directory, 'sell.mjs')]));

it('and so it does under Node 18, the oldest that it is for', async () => {
  const node = hadHere('samples/node/sell.mjs under Node 18', oldestNode);
  if (node === undefined) return;
  expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(/^v18\./);
  await sells(REFUNDED, node, [join(directory, 'sell.mjs')]);
});

it('samples/kcat.sh sells, and hears what became of it', async () => {
  const more = hadHere('samples/kcat.sh', environmentOfKcat);
  if (more !== undefined) await sells(CREDITED, 'sh', [join(SAMPLES, 'kcat.sh')], more);
});

it('samples/java/Sell.java sells, and hears what became of it', async () => {
  const { java, jars } = await kafkaClient(console.error);
  const order = randomUUID();
  const parameters = ['-XX:TieredStopAtLevel=1', '-cp', jars, join(SAMPLES, 'java', 'Sell.java'), order];
  const { stdout } = await run(java, parameters, { cwd: directory, env: environment });
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    orderId: `blanja/${order}`,
    status: 'credited',
  });
});

describe('conformance', () => {
  const channel = `uji-${randomUUID().slice(0, 8)}`;
  const secretFile = () => join(fromSetup('WEBHOOK_SECRETS'), channel);

  beforeAll(async () => {
    await openChannel(channel, { ...ALL_OURS, sandbox: true });
    await makeAccess(kafka(), [channel]);
    writeFileSync(secretFile(), randomBytes(32).toString('hex'));
    symlinkSync(join(ROOT, 'node_modules', 'kafkajs'), join(directory, 'node_modules', 'kafkajs'));
  });

  async function conform(
    of: string,
    ...parameters: string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const command = join(directory, 'node_modules', '@pasindo', 'marketplace', 'conformance.js');
    const token = await tokenOf({ grants: [`marketplace@channel:${of}`] });
    const given = ['--url', address('orders'), '--channel', of, '--sku', environment.SKU ?? '', ...parameters];
    const env = { PATH: process.env.PATH, PASINDO_TOKEN: token };
    return run(process.execPath, [command, ...given], { cwd: directory, env }).then(
      (ended) => ({ ...ended, code: 0 }),
      (ended) => ended,
    );
  }

  it.each<[string, () => string[]]>([
    ['webhook', () => ['--secret-file', secretFile()]],
    ['http', () => []],
    [
      'kafka',
      () => ['--kafka', kafka().brokers, '--password-file', kafka().as(`mp-${channel}`).KAFKA_PASSWORD_FILE ?? ''],
    ],
  ])('over %s finds everything as it should be, from the package as it is installed', async (over, more) => {
    const { code, stdout, stderr } = await conform(channel, '--over', over, '-n', '30', '--wait', '30', ...more());
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
    expect(stdout.match(/\d+ as expected/g)).toHaveLength(15);
  });

  it('finds out when something is not as it should be', async () => {
    const { code, stdout } = await conform(
      channel,
      '--over',
      'http',
      '-n',
      '1',
      '--wait',
      '3',
      '--sku',
      'nothing-of-ours',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('status is');
  });

  it.each<[string, () => string[], string]>([
    ['it knows the parameter', () => ['--help'], 'pasindo-conformance --url'],
    ['it has a secret to sign with', () => ['--over', 'webhook'], 'pasindo-conformance --url'],
    ['Kafka knows who it is', () => ['--over', 'kafka', '--kafka', kafka().brokers], 'does not take mp-'],
  ])('says that it cannot begin unless %s', async (_, parameters, words) => {
    const { code, stderr } = await conform(channel, ...parameters());
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) });
  });

  it('is for a sandbox alone', async () => {
    const { code, stderr } = await conform('blanja', '--over', 'http', '-n', '1');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('is no sandbox') });
  });
});
