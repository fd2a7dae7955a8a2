/** A server is lost with its disk, and comes back from what Barman has of it. */
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backups } from '../../deploy/ha/backups.ts';
import { signedFetch } from '../kit/sign-in.ts';
import type { Fault, Scene } from './faults.ts';
import { rowsOf, type System } from './system.ts';

const LOOK_INTERVAL_MS = 200;

const backupsOf = ({ system }: Scene): Backups => {
  if (!system.backups) throw new Error('there are no backups');
  return system.backups;
};

const diskLost: Fault = {
  name: 'PostgreSQL lost with its disk, restored by Barman to the end of what it received',
  lastsMs: [0, 0],
  prepare: (scene) => backupsOf(scene).backUp(),
  inject: async (scene) => {
    const { postgres } = scene.system;
    const [row] = await rowsOf<{ data: string }>(postgres.url, `SELECT current_setting('data_directory') AS data`);
    const data = row?.data as string;
    await postgres.kill();
    await rm(data, { recursive: true });
    return async () => {
      await backupsOf(scene).restore(data);
      await postgres.start();
    };
  },
  judge: ({ system }) => unsoundnessOf(system),
};

export const RESTORES: readonly Fault[] = [diskLost];

/** What the ledger finds wrong when it verifies its books, as `npm run ledger:verify` asks it to. */
async function unsoundnessOf(system: System): Promise<string[]> {
  const address = `${system.instances('ledger')[0]?.address}/v1/verifications`;
  const headers = { 'content-type': 'application/json' };
  let run = await runOf(await signedFetch(address, { method: 'POST', headers, body: '{}' }));
  while (run.status === 'running') {
    await sleep(LOOK_INTERVAL_MS);
    run = await runOf(await signedFetch(`${address}/${run.verificationId}`));
  }
  return run.status === 'sound' ? [] : [`the books are ${run.status}: ${JSON.stringify(run.report)}`];
}

interface VerificationRun {
  readonly verificationId: string;
  readonly status: string;
  readonly report: unknown;
}

async function runOf(response: Response): Promise<VerificationRun> {
  if (!response.ok) throw new Error(`the books were not verified: ${await response.text()}`);
  return (await response.json()) as VerificationRun;
}
