/** The issuer of tokens of this computer, as a process; where the environment names another (OIDC_ISSUER), none. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endpointsOf } from '../identity/sign-in.ts';
import { isFree } from './ports.ts';
import { startProcess, stopLeftover } from './processes.ts';

const ISSUER = fileURLToPath(new URL('../identity/issuer.ts', import.meta.url));
const START_DEADLINE_MS = 20_000;

export interface Identity {
  readonly issuer: string;
  /** What a service must know to take its tokens: for a demo, never for production. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startIdentity({ directory, port }: { directory: string; port: number }): Promise<Identity> {
  const given = process.env.OIDC_ISSUER;
  if (given) return { issuer: given, environment: {}, stop: async () => {} };
  const pidFile = join(directory, 'identity.pid');
  await stopLeftover(pidFile, ISSUER);
  if (!(await isFree(port))) throw new Error(`Port ${port} is taken: free it, or set IDENTITY_PORT to another one`);
  const logFile = join(directory, 'logs', 'identity.log');
  const child = await startProcess({
    command: process.execPath,
    arguments: ['--conditions=source', ISSUER],
    environment: { ...process.env, PORT: `${port}`, IDENTITY_DIRECTORY: join(directory, 'identity') },
    logFile,
    pidFile,
  });
  const issuer = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + START_DEADLINE_MS; ; await sleep(50)) {
    if (await endpointsOf(issuer).catch(() => undefined)) break;
    if (Date.now() > deadline) {
      await child.stop();
      throw new Error(`The issuer of tokens does not start; its log is ${logFile}`);
    }
  }
  return {
    issuer,
    environment: { OIDC_ISSUER: issuer, PASINDO_DEMO: 'on', APPROVER_REST_HOURS: '0' },
    stop: () => child.stop(),
  };
}
