/** Jest's globalSetup of the project `browser`: as of journeys, with the pages built and the demo's sale made. */
import { join } from 'node:path';
import { runDemo } from '../../deploy/demo/demo.ts';
import { buildPagesIfStale } from '../../deploy/local/build.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { forEachService } from '../../deploy/local/services.ts';
import { kafkaOf } from './infrastructure.ts';
import journeys from './journeys.setup.ts';
import { isInstalled } from './programs.ts';
import { commandToken } from './sign-in.ts';

export default async function setup(): Promise<void> {
  await buildPagesIfStale(console.log);
  if (!isInstalled('chromium')) return; // nothing but the size of the pages is looked at
  await journeys();
  Object.assign(process.env, await commandToken());
  const addresses = forEachService((service) => process.env[`JOURNEY_${service.toUpperCase()}_ADDRESS`] ?? '');
  const kafka = kafkaOf(JSON.parse(process.env.JOURNEY_KAFKA ?? ''));
  await runDemo({ kafka, addresses }, join(temporaryDirectory(), 'standing.json'));
}
