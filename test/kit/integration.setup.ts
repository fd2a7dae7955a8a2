/** Jest's globalSetup of the project `integration`: one Kafka and one PostgreSQL, told to tests by environment. */

import { atTeardown } from './infrastructure.teardown.ts';
import { kafkaOf, runningStack, startTestInfrastructure } from './infrastructure.ts';
import { startIssuer } from './issuer.ts';

export default async function setup(): Promise<void> {
  const infrastructure = runningStack() ?? (await startTestInfrastructure());
  const issuer = await startIssuer();
  Object.assign(process.env, issuer.environment);
  process.env.SEALING_KEYS = `1:${Buffer.alloc(32, 9).toString('base64')}`;
  Object.assign(process.env, kafkaOf(infrastructure).administrator);
  process.env.TEST_DATABASE_URL = infrastructure.databaseUrl;
  atTeardown(infrastructure.stop);
  atTeardown(issuer.stop);
}
