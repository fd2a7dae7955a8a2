/** The ledger verifies its books, as `npm run ledger:verify` asks it to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { signedFetch } from '../kit/sign-in.ts';
import type { System } from './system.ts';

const LOOK_INTERVAL_MS = 200;

/** What it finds wrong. */
export async function unsoundnessOf(system: System): Promise<string[]> {
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
