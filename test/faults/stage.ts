/** The running system, stocked, with its marketplaces, ready for rounds. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { signedFetch } from '../kit/sign-in.ts';
import { catalogueFiles } from './goods.ts';
import type { Stage } from './round.ts';
import { salesLogOf } from './sales-log.ts';
import { type SystemOptions, startSystem } from './system.ts';
import { openMarketplace } from './traffic.ts';

/** The services' logs of the last run, to see why something was violated. */
export const LOGS_DIRECTORY = join(PASINDO_DIRECTORY, 'faults');

export interface OpenStage extends Stage {
  close(): Promise<void>;
}

export async function openStage({
  ordersPerSecond,
  ...options
}: SystemOptions & { ordersPerSecond: number }): Promise<OpenStage> {
  const system = await startSystem(options);
  const response = await signedFetch(`${system.instances('catalogue')[0]?.address}/v1/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files: catalogueFiles(), dryRun: false }),
  });
  if (!response.ok) throw new Error(`the catalogue refused the goods: ${await response.text()}`);
  const marketplace = await openMarketplace(system);
  const close = async (): Promise<void> => {
    await marketplace.close();
    rmSync(LOGS_DIRECTORY, { recursive: true, force: true });
    cpSync(join(system.directory, 'logs'), LOGS_DIRECTORY, { recursive: true });
    await system.stop();
  };
  return { system, marketplace, salesLog: salesLogOf(system), ordersPerSecond, close };
}
