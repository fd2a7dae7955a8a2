/** One of the two servers of PostgreSQL, and the Patroni that starts it, follows with it, or has it lead. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_SETTINGS, type User, withClient } from '../local/postgres.ts';
import { freezeProcess, leftover, type RunningProcess, startProcess, stopLeftover } from '../local/processes.ts';
import type { Programs } from './programs.ts';

export interface Node {
  readonly name: string;
  /** kill -9 of the server; its Patroni lives. */
  killServer(): void;
  /** kill -9 of Patroni and the server. */
  kill(): Promise<void>;
  /** Starts Patroni again, after `kill`; its server follows whoever leads by then. */
  start(): Promise<void>;
  /** SIGSTOP of every process, as of a machine that is paused. @returns what lets them go on */
  freeze(): () => void;
  /** Of a standby: receives nothing from now on. @returns what ends the receiver without having read the rest */
  stall(): Promise<() => void>;
  stop(): Promise<void>;
}

export interface NodePorts {
  readonly server: number;
  readonly api: number;
}

interface NodeOptions {
  readonly name: string;
  /** Of this node alone, and its user's. */
  readonly directory: string;
  readonly ports: NodePorts;
  readonly etcd: readonly string[];
  readonly passwords: Readonly<Record<'superuser' | 'replicator' | 'api', string>>;
  readonly synchronous: boolean;
  readonly programs: Programs;
  readonly user: User | undefined;
  readonly logFile: string;
  /** Writes what the user of the node may read, and nobody else. @returns the file */
  keep(file: string, text: string): string;
}

export async function startNode(options: NodeOptions): Promise<Node> {
  const { name, directory, ports, passwords, programs, user, logFile } = options;
  const data = join(directory, 'data');
  const postmasterFile = join(data, 'postmaster.pid');
  const settings = options.keep(join(directory, 'patroni.json'), JSON.stringify(settingsOf(options), null, 2));
  const pidFile = join(directory, 'patroni.pid');
  const url = `postgres://postgres:${passwords.superuser}@127.0.0.1:${ports.server}/postgres`;
  await stopLeftover(pidFile, settings);

  let patroni: RunningProcess;
  const start = async (): Promise<void> => {
    patroni = await startProcess({
      command: programs.patroni,
      arguments: [settings],
      environment: { PATH: process.env.PATH, HOME: directory, LC_ALL: 'C.UTF-8' },
      logFile,
      pidFile,
      user,
    });
  };
  const killServer = (): void => {
    const server = leftover(postmasterFile, data);
    if (server !== undefined) process.kill(server, 'SIGKILL');
  };
  await start();
  return {
    name,
    start,
    killServer,
    kill: async () => {
      await patroni.kill(); // first, else it would see its server die
      killServer();
    },
    freeze: () => {
      const frozen: number[] = [];
      const freeze = (pid: number): void => {
        try {
          freezeProcess(pid);
        } catch {
          return; // a backend that has just ended
        }
        frozen.push(pid);
        for (const child of childrenOf(pid)) freeze(child);
      };
      const server = leftover(postmasterFile, data);
      for (const pid of server === undefined ? [patroni.pid] : [patroni.pid, server]) freeze(pid);
      return () => {
        for (const pid of frozen) process.kill(pid, 'SIGCONT');
      };
    },
    stall: async () => {
      const { rows } = await withClient(url, (client) =>
        client.query<{ pid: number }>('SELECT pid FROM pg_stat_wal_receiver'),
      );
      const pid = rows[0]?.pid;
      if (pid === undefined) throw new Error(`${name} receives nothing`);
      freezeProcess(pid);
      return () => {
        process.kill(pid, 'SIGTERM'); // before it goes on: else it would read what its socket still holds
        process.kill(pid, 'SIGCONT');
      };
    },
    stop: async () => {
      await patroni.stop();
      await stopLeftover(postmasterFile, data, 'SIGINT');
    },
  };
}

/** Patroni reads YAML, and so JSON. What is in `dcs` counts for both nodes, from the first start on. */
function settingsOf(options: NodeOptions): unknown {
  const { name, directory, ports, etcd, passwords, synchronous, programs } = options;
  const server = `127.0.0.1:${ports.server}`;
  const api = `127.0.0.1:${ports.api}`;
  return {
    scope: 'pasindo',
    name,
    restapi: { listen: api, connect_address: api, authentication: { username: 'patroni', password: passwords.api } },
    etcd3: { hosts: etcd },
    bootstrap: {
      dcs: {
        ttl: 20, // s without a sign of life until another leads: the least that Patroni takes
        loop_wait: 5,
        retry_timeout: 5,
        primary_start_timeout: 0, // a server that has crashed is not waited for: the other leads
        synchronous_mode: synchronous,
        postgresql: { use_pg_rewind: true, parameters: { ...SERVER_SETTINGS, unix_socket_directories: '' } },
      },
      initdb: [
        { encoding: 'UTF8' },
        { 'locale-provider': 'builtin' }, // sorts the same on every machine
        { 'builtin-locale': 'C.UTF-8' },
        { locale: 'C' },
      ],
    },
    postgresql: {
      listen: server,
      connect_address: server,
      data_dir: join(directory, 'data'),
      bin_dir: programs.postgres,
      pgpass: join(directory, 'pgpass'),
      pg_hba: ['host all all 127.0.0.1/32 scram-sha-256', 'host replication replicator 127.0.0.1/32 scram-sha-256'],
      authentication: {
        superuser: { username: 'postgres', password: passwords.superuser },
        replication: { username: 'replicator', password: passwords.replicator },
      },
    },
  };
}

function childrenOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  const children = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'));
  return children.flatMap((ids) => ids.split(' ').filter(Boolean).map(Number));
}
