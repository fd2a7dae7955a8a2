/**
 * Backups by Barman: a base backup, and the WAL since then as it is written. It stands in `synchronous_standby_names`, so
 * nothing is said to be committed before it is here as well: whoever loses the server loses nothing.
 */
import { execFile } from 'node:child_process';
import { chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { keptPassword } from '../kafka/passwords.ts';
import { reachableDirectory, unprivilegedUser, withClient } from '../local/postgres.ts';
import { startProcess } from '../local/processes.ts';
import { findPrograms } from './programs.ts';

const SERVER = 'pasindo';
const RECEIVER = 'barman_receive_wal';
const RECEIVER_DEADLINE_MS = 60_000;
const RETRY_INTERVAL_MS = 500;
const WRITE_INTERVAL_MS = 200;

export interface Backups {
  /** A base backup, complete with all WAL that it needs. */
  backUp(): Promise<void>;
  /** The last base backup and all that was received since, to its end, as the data of a server that is not there. */
  restore(data: string): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  /** Keeps the backups. */
  directory: string;
  logFile: string;
  /** Of the administrator of the server. */
  url: string;
  log: (line: string) => void;
}

/**
 * Begins to receive what the server at `url` writes.
 * @throws Error with one line that says what to install, when a program is missing
 */
export async function startBackups({ directory, logFile, url, log }: Options): Promise<Backups> {
  const programs = findPrograms();
  const user = unprivilegedUser(log);
  const home = reachableDirectory(directory, user);
  const logins = { barman: keptPassword(home, 'barman'), streaming_barman: keptPassword(home, 'streaming_barman') };
  const settings = join(home, 'barman.conf');
  rmSync(settings, { force: true });
  writeFileSync(settings, settingsOf(home, new URL(url).port, logins), { mode: 0o600 });
  if (user) chownSync(settings, user.uid, user.gid);
  const environment = { PATH: `${programs.postgres}:${process.env.PATH}`, HOME: home, LC_ALL: 'C.UTF-8' };
  const barman = async (command: string, ...args: string[]): Promise<void> => {
    const options = { cwd: '/', env: environment, ...user };
    await promisify(execFile)(programs.barman, ['-c', settings, command, ...args], options).catch((error) => {
      throw new Error(`barman ${command}: ${error.stdout}${error.stderr}`);
    });
  };

  await prepareServer(url, logins);
  let stopping = false;
  /** It ends with the server, and begins again with it. */
  const receive = async (): Promise<void> => {
    while (!stopping) {
      const receiver = await startProcess({
        command: programs.barman,
        arguments: ['-c', settings, 'receive-wal', SERVER],
        environment,
        logFile,
        user,
      });
      await receiver.ended;
      await sleep(RETRY_INTERVAL_MS);
    }
  };
  const received = receive();
  await untilReceived(url);

  return {
    backUp: () => whileWriting(url, () => barman('backup', SERVER, '--wait')),
    restore: async (data) => {
      if (existsSync(data)) throw new Error(`${data} is there: nothing is restored over it`);
      await barman('archive-wal', SERVER);
      await barman('restore', '--no-get-wal', '--partial-wal', SERVER, 'latest', data);
    },
    stop: async () => {
      stopping = true;
      await barman('receive-wal', '--stop', SERVER).catch(() => {}); // of a server that is gone there is none
      await received;
    },
  };
}

function settingsOf(home: string, port: string, logins: Readonly<Record<string, string>>): string {
  const [conninfo, streaming] = Object.entries(logins).map(
    ([login, password]) => `host=127.0.0.1 port=${port} dbname=postgres user=${login} password=${password}`,
  );
  return `[barman]
barman_home = ${home}
barman_user = ${process.getuid?.() === 0 ? 'postgres' : userInfo().username}
log_file = ${join(home, 'barman.log')}
log_level = INFO

[${SERVER}]
description = The databases of Pasindo
conninfo = ${conninfo}
streaming_conninfo = ${streaming}
backup_method = postgres
immediate_checkpoint = true
streaming_archiver = on
streaming_archiver_name = ${RECEIVER}
slot_name = barman
create_slot = auto
`;
}

/** Logins with what Barman needs and no more; and from now on a commit waits until it is received. */
async function prepareServer(url: string, logins: Readonly<Record<string, string>>): Promise<void> {
  await withClient(url, async (client) => {
    const rights: Record<string, string> = { barman: '', streaming_barman: 'REPLICATION' };
    for (const [login, password] of Object.entries(logins)) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [login]);
      const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
      await client.query(`${verb} ROLE ${login} LOGIN ${rights[login]} PASSWORD ${client.escapeLiteral(password)}`);
    }
    await client.query(`
      GRANT pg_read_all_settings, pg_read_all_stats, pg_checkpoint TO barman;
      GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(),
                                pg_create_restore_point(text) TO barman`);
    await client.query(`ALTER SYSTEM SET synchronous_standby_names = '${RECEIVER}'`);
    await client.query('SELECT pg_reload_conf()');
  });
}

/** Barman files a segment of WAL when the next one has begun: of a server at rest it would wait for ever. */
async function whileWriting(url: string, work: () => Promise<void>): Promise<void> {
  await withClient(url, async (client) => {
    const worked = new AbortController();
    const ended = work().finally(() => worked.abort());
    while (!worked.signal.aborted) {
      await client.query(`SELECT pg_logical_emit_message(true, 'backup', '')`);
      await sleep(WRITE_INTERVAL_MS, undefined, { signal: worked.signal }).catch(() => {});
    }
    await ended;
  });
}

async function untilReceived(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const deadline = Date.now() + RECEIVER_DEADLINE_MS;
    for (;;) {
      const { rowCount } = await client.query(
        `SELECT FROM pg_stat_replication WHERE application_name = $1 AND sync_state = 'sync'`,
        [RECEIVER],
      );
      if (rowCount) return;
      if (Date.now() > deadline) throw new Error('Barman does not receive what the server writes; see its log');
      await sleep(100);
    }
  });
}
