import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startProcess, stopLeftover, temporaryDirectory } from './processes.ts';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const untilEnded = async (pid: number): Promise<void> => {
  for (let waitedMs = 0; isAlive(pid) && waitedMs < 20_000; waitedMs += 50) await sleep(50);
  expect(isAlive(pid)).toBe(false);
};

it('leaves no process and no directory behind when it is killed with -9', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '--eval',
      `import { startProcess, temporaryDirectory } from ${JSON.stringify(import.meta.resolve('./processes.ts'))};
       const directory = temporaryDirectory();
       const { pid } = await startProcess({ command: 'sleep', arguments: ['60'], logFile: directory + '/log' });
       console.log(JSON.stringify({ pid, directory }));
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const { pid, directory } = JSON.parse(line);
  expect(isAlive(pid)).toBe(true);

  parent.kill('SIGKILL');

  await untilEnded(pid);
  for (let waitedMs = 0; existsSync(directory) && waitedMs < 5_000; waitedMs += 50) await sleep(50);
  expect(existsSync(directory)).toBe(false);
});

it('stops a process that an earlier run left, and none that only has its number', async () => {
  const directory = temporaryDirectory();
  const pidFile = join(directory, 'pid');
  const left = await startProcess({ command: 'sleep', arguments: ['61'], logFile: join(directory, 'log'), pidFile });

  expect(await stopLeftover(pidFile, 'somebody else')).toBe(false);
  expect(isAlive(left.pid)).toBe(true);

  expect(await stopLeftover(pidFile, '61')).toBe(true);
  expect(await left.ended).toBe('signal SIGTERM');

  writeFileSync(pidFile, 'not a number');
  expect(await stopLeftover(pidFile, '61')).toBe(false);
});
