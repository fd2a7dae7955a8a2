/** Long-running child processes: start, stop, and never leave one behind. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Signal for "finish what you are doing and end": PostgreSQL's SIGTERM would wait for its clients, SIGINT does not. */
type StopSignal = 'SIGTERM' | 'SIGINT';

/** A program that must be installed on this computer first; the message is its name. */
export class MissingProgram extends Error {}

const STOP_DEADLINE_MS = 15_000;

export interface ProcessOptions {
  command: string;
  arguments: string[];
  environment?: NodeJS.ProcessEnv;
  /** Standard output and error are appended here. A file outlives us: a child never dies of a broken pipe. */
  logFile: string;
  /** Written with the process id, so that a later run can find a process left over from this one. */
  pidFile?: string;
  stopSignal?: StopSignal;
  user?: { uid: number; gid: number } | undefined;
}

export interface RunningProcess {
  pid: number;
  /** Resolves when the process has ended, with how: `exit code 1`, `signal SIGKILL`. Never rejects. */
  ended: Promise<string>;
  /** Asks it to end, waits, and kills it after 15 s. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/**
 * Starts a process in a session of its own: Ctrl-C in the terminal reaches only us, and we decide the order of the end.
 * @throws Error when the command cannot be started
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, options.arguments, {
    cwd: options.user ? '/' : undefined,
    detached: true,
    env: options.environment ?? process.env,
    stdio: ['ignore', log, log],
    ...options.user,
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  const pid = child.pid as number;
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  guardian(`child ${pid} ${stopSignal.slice('SIG'.length)}`);
  if (options.pidFile) writeFileSync(options.pidFile, `${pid}\n`);

  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      guardian(`gone ${pid}`);
      resolve(signal ? `signal ${signal}` : `exit code ${code}`);
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(deadline);
  };
  return { pid, ended, stop: () => end(stopSignal), kill: () => end('SIGKILL') };
}

/**
 * Stops the process whose id is the first line of `pidFile`, if it still runs and its command line contains `identity`
 * (process ids are reused). It was left over by a run that was killed together with its guardian.
 * @returns whether there was one
 */
export async function stopLeftover(
  pidFile: string,
  identity: string,
  signal: StopSignal = 'SIGTERM',
): Promise<boolean> {
  const pid = leftover(pidFile, identity);
  if (pid === undefined) return false;
  process.kill(pid, signal);
  for (let waitedMs = 0; leftover(pidFile, identity) === pid; waitedMs += 50) {
    if (waitedMs === STOP_DEADLINE_MS) process.kill(pid, 'SIGKILL');
    await sleep(50);
  }
  return true;
}

/** The id of the living process that `pidFile` names and whose command line contains `identity`. */
export function leftover(pidFile: string, identity: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    const commandLine =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        : execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
    return commandLine.includes(identity) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** SIGSTOP. It goes on by SIGCONT, or at our end, however we end: else nobody could stop it then. */
export function freezeProcess(pid: number): void {
  guardian(`frozen ${pid}`);
  process.kill(pid, 'SIGSTOP');
}

/** A directory under the system's temporary directory that is removed when this process ends, however it ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pasindo-'));
  chmodSync(directory, 0o711); // as root, PostgreSQL runs as another user and must get through
  guardian(`remove ${directory}`);
  return directory;
}

let guard: ChildProcess | undefined;

/** Gives the guardian an order; see guardian.sh. It is started with the first one. */
function guardian(order: string): void {
  if (!guard) {
    guard = spawn('sh', [fileURLToPath(new URL('guardian.sh', import.meta.url))], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    guard.unref();
    (guard.stdin as unknown as { unref(): void }).unref(); // a socket, which @types/node does not know
  }
  guard.stdin?.write(`${order}\n`);
}
