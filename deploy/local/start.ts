/**
 * `npm start`: everything on this computer, with a demo sale and months before it, until Ctrl-C. `--without-history`: the
 * sale alone. `--watch` (`npm run dev`): as it changes.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_CHANNELS, howToSend, runDemo } from '../demo/demo.ts';
import { makeHistory } from '../demo/history.ts';
import { buildIfStale, buildPagesIfStale } from './build.ts';
import { PASINDO_DIRECTORY } from './embedded.ts';
import { startIdentity } from './identity.ts';
import { startInfrastructure } from './infrastructure.ts';
import { stopLeftover } from './processes.ts';
import { configuredPort, forEachOf, IDENTITY_PORT, PROGRAMS, SERVICES } from './services.ts';
import { stopSignal } from './stop-signal.ts';
import { startServices } from './supervisor.ts';
import { restartOnChange } from './watch.ts';

const pidFile = join(PASINDO_DIRECTORY, 'start.pid');
const startedAt = Date.now();
const seconds = (): string => ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
const log = (line: string): void => console.log(`${seconds()} s  ${line}`);

// Until everything runs, an interrupted start just ends: the guardian stops what was started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

try {
  mkdirSync(PASINDO_DIRECTORY, { recursive: true });
  if (await stopLeftover(pidFile, 'deploy/local/start.ts'))
    log('Stopped the Pasindo that ran in this directory already');
  writeFileSync(pidFile, `${process.pid}\n`);

  await Promise.all([buildIfStale(log), buildPagesIfStale(log)]);
  const identity = await startIdentity({ directory: PASINDO_DIRECTORY, port: IDENTITY_PORT });
  Object.assign(process.env, identity.environment);
  const infrastructure = await startInfrastructure({ directory: PASINDO_DIRECTORY, channels: DEMO_CHANNELS, log });
  log(`Starting the services: ${PROGRAMS.join(', ')}`);
  const ports = forEachOf(PROGRAMS, configuredPort);
  const services = await startServices({ infrastructure, ports, directory: PASINDO_DIRECTORY, log });
  log('The services are ready');
  const stack = { kafka: infrastructure.kafka, addresses: services.addresses };
  await runDemo(stack, join(PASINDO_DIRECTORY, 'standing.json')).catch((error: Error) =>
    console.error(`The demo sale failed: ${error.message}`),
  );
  if (!process.argv.includes('--without-history')) {
    await makeHistory(services.addresses, PASINDO_DIRECTORY).catch((error: Error) =>
      console.error(`The months before it failed: ${error.message}`),
    );
  }

  console.log(`\nPasindo runs (started in${seconds()} s).`);
  console.log(`  ${'Portal'.padEnd(10)} ${services.addresses.portal}`);
  for (const service of SERVICES) console.log(`  ${service.padEnd(10)} ${services.addresses[service]}/docs`);
  console.log(`  ${'Kafka'.padEnd(10)} ${infrastructure.kafka.brokers}`);
  console.log(howToSend(infrastructure.kafka));
  console.log(
    `  ${' '.repeat(10)} signed webhooks of blanja to ${services.addresses.orders}/v1/webhooks/blanja (docs/MARKETPLACES.md)`,
  );
  console.log(`  ${'Identity'.padEnd(10)} ${identity.issuer}`);
  if (process.env.PASINDO_DEMO === 'on') {
    console.log('Demo, not for production: `npm run --silent token -- auditor` signs in as anybody of the demo.');
  }
  console.log('Its data and logs are in .pasindo/. Ctrl-C stops everything and keeps the data.');
  if (process.argv.includes('--watch')) {
    restartOnChange(services, log);
    console.log('A service starts again when one of its files, or of libs/, is saved.');
  }

  await stopSignal();
  log('Stopping');
  await services.stop();
  await Promise.all([infrastructure.stop(), identity.stop()]);
  rmSync(pidFile, { force: true });
  log('Stopped');
  process.exit(0);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
