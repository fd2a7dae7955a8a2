/** `npm run ha`: a PostgreSQL that survives its primary, on this computer, until Ctrl-C. Its data is kept. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASINDO_DIRECTORY } from '../local/embedded.ts';
import { stopSignal } from '../local/stop-signal.ts';
import { startCluster } from './cluster.ts';

const directory = join(PASINDO_DIRECTORY, 'ha-data');
const addressFile = join(PASINDO_DIRECTORY, 'ha.address');

// Until everything runs, an interrupted start just ends: the guardian stops what was started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

try {
  const logsDirectory = join(PASINDO_DIRECTORY, 'logs');
  const cluster = await startCluster({ directory, logsDirectory, synchronous: true, log: console.log });
  writeFileSync(addressFile, cluster.url, { mode: 0o600 });
  console.log(
    `Two servers of PostgreSQL run, and ${(await cluster.primary()).name} leads; logs are in .pasindo/logs. Over them:\n` +
      '  DATABASE_URL=$(cat .pasindo/ha.address) npm start\nCtrl-C stops everything and keeps the data.',
  );
  await stopSignal();
  await cluster.stop();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
