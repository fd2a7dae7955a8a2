/** Jest's globalSetup of the project `integration`: a Kafka and a PostgreSQL for each of its workers (own-infrastructure.ts). */
import { atTeardown } from './infrastructure.teardown.ts';
import { kafkaOf, runningStack, startTestInfrastructure } from './infrastructure.ts';
import { startIssuer } from './issuer.ts';

export default async function setup({ maxWorkers }: { maxWorkers: number }): Promise<void> {
  const running = maxWorkers === 1 ? runningStack() : undefined;
  const infrastructures = running
    ? [running]
    : await Promise.all(Array.from({ length: maxWorkers }, startTestInfrastructure));
  const issuer = await startIssuer();
  Object.assign(process.env, issuer.environment);
  process.env.SEALING_KEYS = `1:${Buffer.alloc(32, 9).toString('base64')}`;
  process.env.TEST_INFRASTRUCTURES = JSON.stringify(
    infrastructures.map((infrastructure) => ({
      ...kafkaOf(infrastructure).administrator,
      TEST_DATABASE_URL: infrastructure.databaseUrl,
    })),
  );
  for (const { stop } of infrastructures) atTeardown(stop);
  atTeardown(issuer.stop);
}
