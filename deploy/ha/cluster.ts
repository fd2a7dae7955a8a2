/**
 * PostgreSQL that survives its primary, on this computer: two servers under Patroni, who agree by three members of etcd
 * which of them leads, and HAProxy, whose address is always the leader's. Nothing of it is ours but the settings.
 */
import { chownSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { keptFile } from '../kafka/kept-file.ts';
import { keptPassword } from '../kafka/passwords.ts';
import { freePort } from '../local/ports.ts';
import { type Postgres, reachableDirectory, unprivilegedUser } from '../local/postgres.ts';
import { type RunningProcess, startProcess, stopLeftover } from '../local/processes.ts';
import { type Node, type NodePorts, startNode } from './node.ts';
import { findPrograms } from './programs.ts';

const DEADLINE_MS = 120_000;
const ANSWER_DEADLINE_MS = 2_000;
const POLL_INTERVAL_MS = 100;

/** As a `Postgres`, `kill` is of the server that leads, and `start` waits until the other does. */
export interface Cluster extends Postgres {
  primary(): Promise<Node>;
  standby(): Promise<Node>;
  /** Until one leads and the other has all that it has: then either may be lost. */
  untilWhole(): Promise<void>;
}

interface ClusterOptions {
  /** Keeps the data, between starts too. */
  directory: string;
  logsDirectory: string;
  /** Whether what is committed is with the standby too. Without, a failover may forget it. */
  synchronous: boolean;
  log: (line: string) => void;
}

/**
 * Starts everything and waits until it is whole. As root it runs as the user `postgres`, created when it is missing.
 * @throws Error with one line that says what to install, when a program is missing
 */
export async function startCluster({ directory, logsDirectory, synchronous, log }: ClusterOptions): Promise<Cluster> {
  const programs = findPrograms();
  const user = unprivilegedUser(log);
  const home = reachableDirectory(directory, user);
  const ports = await keptPorts(home);
  const passwords = {
    superuser: keptPassword(home, 'postgres'),
    replicator: keptPassword(home, 'replicator'),
    api: keptPassword(home, 'patroni'),
  };
  const url = `postgres://postgres:${passwords.superuser}@127.0.0.1:${ports.proxy}/postgres`;

  /** For the user of the servers alone. @returns the file */
  const keep = (file: string, text: string): string => {
    writeFileSync(file, text, { mode: 0o600 });
    if (user) chownSync(file, user.uid, user.gid);
    return file;
  };
  const run = async (name: string, command: string, args: string[]): Promise<RunningProcess> => {
    const pidFile = join(home, `${name}.pid`);
    await stopLeftover(pidFile, home);
    return startProcess({ command, arguments: args, logFile: join(logsDirectory, `${name}.log`), pidFile, user });
  };

  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const each of started.toReversed()) await each.stop();
  };

  const nodes: Node[] = [];
  /** Of a role that Patroni tells: `leader`, `sync_standby` or `replica`. */
  const nodeOf = async (...roles: string[]): Promise<Node> => {
    const member = (await membersOf(ports.nodes)).find(({ role }) => roles.includes(role));
    const node = nodes.find(({ name }) => name === member?.name);
    if (!node) throw new Error(`no node is ${roles.join(' or ')}`);
    return node;
  };
  const untilWritable = (): Promise<void> => until('takes what is written', () => isWritable(url));
  const isWhole = async (): Promise<boolean> => {
    const follower = synchronous ? 'sync_standby' : 'replica';
    const members = await membersOf(ports.nodes);
    return members.some(({ role, state }) => role === follower && state === 'streaming') && (await isWritable(url));
  };
  const untilWhole = (): Promise<void> => until('has a leader and a standby', isWhole);

  try {
    for (const [name, command] of Object.entries(etcdCommands(home, ports.etcd)))
      started.push(await run(name, programs.etcd, command));
    started.push(
      await run('haproxy', programs.haproxy, ['-db', '-f', keep(join(home, 'haproxy.cfg'), proxying(ports))]),
    );
    for (const [index, nodePorts] of ports.nodes.entries()) {
      const name = `node${index + 1}`;
      const node = await startNode({
        name,
        directory: reachableDirectory(join(home, name), user),
        ports: nodePorts,
        etcd: ports.etcd.map(({ clients }) => `127.0.0.1:${clients}`),
        passwords,
        synchronous,
        programs,
        user,
        logFile: join(logsDirectory, `${name}.log`),
        keep,
      });
      nodes.push(node);
      started.push(node);
    }
    await untilWhole();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    primary: () => nodeOf('leader'),
    standby: () => nodeOf('sync_standby', 'replica'),
    untilWhole,
    kill: async () => (await nodeOf('leader')).killServer(),
    start: untilWritable,
    stop,
  };
}

interface Ports {
  readonly proxy: number;
  readonly nodes: readonly NodePorts[];
  readonly etcd: readonly EtcdPorts[];
}

interface EtcdPorts {
  readonly clients: number;
  readonly peers: number;
}

/** Chosen once: nodes and members know each other by them. */
async function keptPorts(directory: string): Promise<Ports> {
  const free = new Set<number>();
  while (free.size < 11) free.add(await freePort());
  const [proxy = 0, ...others] = free;
  const pairs = [0, 2, 4, 6, 8].map((at) => others.slice(at, at + 2) as [number, number]);
  const ports: Ports = {
    proxy,
    nodes: pairs.slice(0, 2).map(([server, api]) => ({ server, api })),
    etcd: pairs.slice(2).map(([clients, peers]) => ({ clients, peers })),
  };
  return JSON.parse(
    await readFile(
      keptFile(join(directory, 'ports.json'), () => JSON.stringify(ports)),
      'utf8',
    ),
  );
}

/** What each member is started with, by its name. */
function etcdCommands(directory: string, ports: readonly EtcdPorts[]): Record<string, string[]> {
  const cluster = ports.map(({ peers }, index) => `etcd${index + 1}=http://127.0.0.1:${peers}`).join();
  const commands = ports.map(({ clients, peers }, index) => {
    const name = `etcd${index + 1}`;
    return [
      name,
      [
        `--name=${name}`,
        `--data-dir=${join(directory, name)}`,
        `--listen-client-urls=http://127.0.0.1:${clients}`,
        `--advertise-client-urls=http://127.0.0.1:${clients}`,
        `--listen-peer-urls=http://127.0.0.1:${peers}`,
        `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
        `--initial-cluster=${cluster}`,
        '--initial-cluster-state=new', // which a member that has data does not read
      ],
    ];
  });
  return Object.fromEntries(commands);
}

/** Each second Patroni is asked whether its server leads. Sessions with one that does no longer are closed at once. */
function proxying({ proxy, nodes }: Ports): string {
  const servers = nodes.map(
    ({ server, api }, index) => `  server node${index + 1} 127.0.0.1:${server} check port ${api}`,
  );
  return `global
  maxconn 1000
defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout check 2s
listen postgres
  bind 127.0.0.1:${proxy}
  option httpchk GET /primary
  http-check expect status 200
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${servers.join('\n')}
`;
}

interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

/** As the first node says that answers. */
async function membersOf(nodes: readonly NodePorts[]): Promise<Member[]> {
  const asked = nodes.map(async ({ api }) => {
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const response = await fetch(`http://127.0.0.1:${api}/cluster`, { signal });
    return ((await response.json()) as { members: Member[] }).members;
  });
  return Promise.any(asked);
}

async function isWritable(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_DEADLINE_MS,
    query_timeout: ANSWER_DEADLINE_MS,
  }).on('error', () => {}); // of a server that is lost meanwhile
  try {
    await client.connect();
    const { rows } = await client.query<{ follows: boolean }>('SELECT pg_is_in_recovery() AS follows');
    return rows[0]?.follows === false;
  } catch {
    return false;
  } finally {
    void client.end().catch(() => {});
  }
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await isTrue().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`the cluster of PostgreSQL never ${what}; see the logs of its nodes`);
    await sleep(POLL_INTERVAL_MS);
  }
}
