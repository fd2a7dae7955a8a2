/** What npm does not bring: programs of Debian, and of PyPI in a virtual environment of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { PASINDO_DIRECTORY } from '../local/embedded.ts';
import { COMMON_DIRECTORY } from '../local/postgres.ts';

/** Where root's own directories are closed to the user of the servers, so is what he would run. */
const ENVIRONMENT = join(process.getuid?.() === 0 ? COMMON_DIRECTORY : PASINDO_DIRECTORY, 'ha');

const INSTALLATION =
  'etcd, HAProxy, rsync, Patroni, Barman or their PostgreSQL is missing. Install them: ' +
  'apt-get install etcd-server haproxy rsync python3-venv && ' +
  `/usr/bin/python3 -m venv ${ENVIRONMENT} && ${ENVIRONMENT}/bin/pip install --no-deps -r deploy/ha/requirements.txt`;

export interface Programs {
  etcd: string;
  haproxy: string;
  patroni: string;
  barman: string;
  /** Directory of `postgres`, `pg_basebackup`, `pg_rewind` and the rest. */
  postgres: string;
}

/** What has to be installed first, in one line; nothing when everything is there. */
export function missingPrograms(): string | undefined {
  const { patroni, barman, postgres, ...debian } = located();
  const isThere =
    [patroni, barman, join(postgres, 'postgres')].every(existsSync) &&
    [...Object.values(debian), 'rsync'].every((program) => !spawnSync(program, ['-h']).error);
  return isThere ? undefined : INSTALLATION;
}

/** @throws Error with one line that says what to install */
export function findPrograms(): Programs {
  const missing = missingPrograms();
  if (missing) throw new Error(missing);
  return located();
}

function located(): Programs {
  const [postgres = ''] = globSync(join(ENVIRONMENT, 'lib/python3*/site-packages/embedded_postgres/pginstall/bin'));
  const haproxy = ['/usr/sbin/haproxy'].find(existsSync) ?? 'haproxy'; // which is on root's path alone
  const of = (program: string): string => join(ENVIRONMENT, 'bin', program);
  return { etcd: 'etcd', haproxy, patroni: of('patroni'), barman: of('barman'), postgres };
}
