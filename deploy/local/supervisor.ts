/** Runs the services as processes of this computer: starts them, starts again what dies, stops them in order. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MARKETPLACES } from '../identity/persons.ts';
import { keptFile } from '../kafka/kept-file.ts';
import type { Infrastructure } from './infrastructure.ts';
import { isFree } from './ports.ts';
import { personalKeysUrl } from './postgres.ts';
import { type RunningProcess, startProcess, stopLeftover } from './processes.ts';
import { forEachOf, type Program, SERVICES } from './services.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A service that is not ready for so long, or has died so often before it was, will not start by itself. */
const READY_DEADLINE_MS = 60_000;
const START_ATTEMPTS = 4;
/** Waiting time before a service is started again: doubles with each death, from the first again after a long life. */
const BACKOFF_FIRST_MS = 250;
const BACKOFF_LAST_MS = 10_000;
const LONG_LIFE_MS = 30_000;

export interface Services<Name extends Program = Program> {
  /** `http://host:port` of each. */
  addresses: Record<Name, string>;
  /** Ends a program and starts it as it is built now. Resolves when it is ready. */
  restart(name: Name): Promise<void>;
  stop(): Promise<void>;
}

interface Options<Name extends Program> {
  infrastructure: Pick<Infrastructure, 'kafka'> & { databaseUrls: Record<NoInfer<Name> | 'catalogue', string> };
  /** Of what is started. */
  ports: Record<Name, number>;
  /** Holds the logs (`logs/SERVICE.log`, JSON lines), the keys of what is sealed, the one that seals the books, and what they have sealed. */
  directory: string;
  log: (line: string) => void;
}

/**
 * Starts built programs (dist/) and waits until all are ready.
 * @throws Error when a port is taken or one does not become ready; none is left running then
 */
export async function startServices<Name extends Program>(options: Options<Name>): Promise<Services<Name>> {
  const { ports, directory, log } = options;
  const names = Object.keys(ports) as Name[];
  const addresses = forEachOf(names, (name) => `http://127.0.0.1:${ports[name]}`);
  const sealingKeys = keptKeys('SEALING_KEYS', join(directory, 'sealing.keys'));
  const personalData = {
    ...keptKeys('PERSONAL_DATA_KEYS', join(directory, 'personal-data.key')),
    ...keptKeys('PERSONAL_INDEX_KEYS', join(directory, 'personal-index.keys')),
    PERSONAL_KEYS_DATABASE_URL: await personalKeysUrl(options.infrastructure.databaseUrls.catalogue),
  };
  const sealKey = process.env.LEDGER_SEAL_KEY ?? keptSealKey(directory);
  const stopping = new AbortController();
  const running = new Map<Name, RunningProcess>();
  const deaths = forEachOf(names, () => 0);
  const restarting = new Set<Name>();

  const start = async (service: Name): Promise<RunningProcess> => {
    const child = await startProcess({
      command: process.execPath,
      arguments: ['--enable-source-maps', '--max-semi-space-size=64', mainFile(service)], // MiB: messages die young
      environment: {
        ...process.env,
        PORT: `${ports[service]}`,
        DATABASE_URL: options.infrastructure.databaseUrls[service],
        ...options.infrastructure.kafka.as(service),
        ...sealingKeys,
        ...(service === 'catalogue' && personalData),
        ...(service === 'orders' && { WEBHOOK_SECRETS: process.env.WEBHOOK_SECRETS ?? keptWebhookSecrets(directory) }),
        ...(service === 'ledger' && {
          LEDGER_SEAL_KEY: sealKey,
          LEDGER_WITNESS: process.env.LEDGER_WITNESS ?? witnessOf(directory),
        }),
        ...(service === 'portal' && { ...addressesFor(addresses), ...demoClientSecret(directory) }),
      },
      logFile: logFile(directory, service),
      pidFile: pidFile(directory, service),
    });
    running.set(service, child);
    return child;
  };

  const keepRunning = async (service: Name, first: RunningProcess): Promise<void> => {
    let backoffMs = BACKOFF_FIRST_MS;
    for (let child = first; ; child = await start(service)) {
      const startedAt = Date.now();
      const how = await child.ended;
      if (stopping.signal.aborted) return;
      if (restarting.delete(service)) continue;
      deaths[service] += 1;
      if (Date.now() - startedAt > LONG_LIFE_MS) backoffMs = BACKOFF_FIRST_MS;
      log(`${service} ended (${how}); starting it again in ${backoffMs} ms; its log is ${logFile(directory, service)}`);
      await sleep(backoffMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      backoffMs = Math.min(backoffMs * 2, BACKOFF_LAST_MS);
    }
  };

  const untilReady = async (service: Name): Promise<void> => {
    const deadline = Date.now() + READY_DEADLINE_MS;
    while (!(await isReady(addresses[service]))) {
      if (deaths[service] >= START_ATTEMPTS || Date.now() > deadline) {
        const file = logFile(directory, service);
        const end = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
        throw new Error(`${service} does not become ready. The end of ${file}:\n${end}`);
      }
      await sleep(100);
    }
  };

  const restart = async (service: Name): Promise<void> => {
    deaths[service] = 0;
    restarting.add(service);
    await running.get(service)?.stop();
    await untilReady(service);
  };

  const kept: Promise<void>[] = [];
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([...running.values()].map((child) => child.stop()));
    await Promise.all(kept);
  };

  try {
    await Promise.all(names.map((name) => claimPort(name, ports[name], directory, log)));
    for (const name of names) kept.push(keepRunning(name, await start(name)));
    await Promise.all(names.map(untilReady));
    return { addresses, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const mainFile = (service: Program): string => join(ROOT, 'dist', 'services', service, 'main.js');
const logFile = (directory: string, service: Program): string => join(directory, 'logs', `${service}.log`);
const pidFile = (directory: string, service: Program): string => join(directory, `${service}.pid`);

/** Where the portal finds the services, unless the environment says otherwise. */
function addressesFor(addresses: Partial<Record<Program, string>>): Record<string, string> {
  return Object.fromEntries(
    SERVICES.flatMap((service) => {
      const variable = `${service.toUpperCase()}_ADDRESS`;
      return [[variable, process.env[variable] ?? addresses[service] ?? '']];
    }),
  );
}

/** By which the portal proves who it is to the issuer of this computer; another issuer's is in the environment. */
function demoClientSecret(directory: string): Record<string, string> {
  const file = join(directory, 'identity', 'pasindo-portal.secret.json');
  return existsSync(file) ? { OIDC_CLIENT_SECRET: JSON.parse(readFileSync(file, 'utf8')) } : {};
}

/** Frees the port of a service that an earlier run left behind; anybody else's process is left alone. */
async function claimPort(
  service: Program,
  port: number,
  directory: string,
  log: (line: string) => void,
): Promise<void> {
  const stopped = await stopLeftover(pidFile(directory, service), mainFile(service));
  if (stopped) log(`${service}: stopped one that an earlier run had left behind`);
  if (!(await isFree(port))) {
    throw new Error(
      `Port ${port} is taken: free it, or set ${service.toUpperCase()}_PORT to another one for ${service}`,
    );
  }
}

function isReady(address: string): Promise<boolean> {
  const headers = { connection: 'close' }; // a connection that is kept would be closed when somebody uses it again
  return fetch(`${address}/health/ready`, { headers, signal: AbortSignal.timeout(2000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

/** Keys that the environment gives, or of a file, made once. Whoever loses them can no longer read what they sealed. */
function keptKeys(variable: string, file: string): Record<string, string> {
  if (process.env[variable] || process.env[`${variable}_FILE`]) return {};
  return { [`${variable}_FILE`]: keptFile(file, () => `1:${randomBytes(32).toString('base64')}`) };
}

/** Of the database that is kept beside it. Whoever names another one names its witness as well. */
function witnessOf(directory: string): string {
  return process.env.DATABASE_URL || process.env.LEDGER_DATABASE_URL ? '' : join(directory, 'witness');
}

/** File of an Ed25519 private key, made once. Whoever loses it seals the books with another one from then on. */
function keptSealKey(directory: string): string {
  return keptFile(join(directory, 'ledger-seal-key.pem'), () =>
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  );
}

/** What the demo's marketplaces sign with, a file each. @returns the directory */
function keptWebhookSecrets(directory: string): string {
  const secrets = join(directory, 'webhooks');
  for (const channel of MARKETPLACES)
    keptFile(join(secrets, channel), () => `${randomBytes(32).toString('base64url')}\n`);
  return secrets;
}
