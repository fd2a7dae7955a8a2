/** Jest's globalSetup of the projects `journeys` and `fuzz`: the built services, as processes, over a Kafka and PostgreSQL of their own. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_CHANNELS } from '../../deploy/demo/demo.ts';
import { buildIfStale } from '../../deploy/local/build.ts';
import { PASINDO_DIRECTORY } from '../../deploy/local/embedded.ts';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { databaseUrl, ensureDatabase } from '../../deploy/local/postgres.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { forEachOf, PROGRAMS, type Program } from '../../deploy/local/services.ts';
import { startServices } from '../../deploy/local/supervisor.ts';
import { atTeardown } from './infrastructure.teardown.ts';
import { kafkaOf, startTestInfrastructure } from './infrastructure.ts';
import { startDemoIssuer } from './issuer.ts';
import { startTraceReceiver } from './trace-receiver.ts';

/** 12 seconds: longer than any order takes, short enough to wait for. */
const RESERVATION_MINUTES = '0.2';

export default async function setup(): Promise<void> {
  await buildIfStale(console.log);
  const infrastructure = await startTestInfrastructure();
  atTeardown(infrastructure.stop);
  const issuer = await startDemoIssuer();
  atTeardown(issuer.stop);
  Object.assign(process.env, issuer.environment);
  const traces = await startTraceReceiver();
  atTeardown(traces.stop);
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = traces.address;
  process.env.JOURNEY_TRACES = traces.address;
  for (const program of PROGRAMS) await ensureDatabase(infrastructure.databaseUrl, program);
  const kafka = kafkaOf(infrastructure);
  await makeAccess(kafka, DEMO_CHANNELS);
  const ports = {} as Record<Program, number>;
  for (const program of PROGRAMS) ports[program] = await freePort();

  process.env.RESERVATION_MINUTES = RESERVATION_MINUTES;
  const directory = temporaryDirectory();
  const services = await startServices({
    infrastructure: {
      kafka,
      databaseUrls: forEachOf(PROGRAMS, (program) => databaseUrl(infrastructure.databaseUrl, program)),
    },
    ports,
    directory,
    log: console.log,
  });
  atTeardown(async () => {
    await services.stop();
    cpSync(join(directory, 'logs'), join(PASINDO_DIRECTORY, 'journeys'), { recursive: true }); // to see why one failed
  });

  process.env.JOURNEY_LOGS = join(directory, 'logs');
  process.env.JOURNEY_WEBHOOK_SECRETS = join(directory, 'webhooks');
  process.env.JOURNEY_KAFKA = JSON.stringify(infrastructure);
  process.env.JOURNEY_DATABASE_URL = infrastructure.databaseUrl;
  process.env.JOURNEY_LOG_DIRECTORIES = [join(directory, 'logs'), infrastructure.logDirectory].filter(Boolean).join();
  for (const program of PROGRAMS) process.env[`JOURNEY_${program.toUpperCase()}_ADDRESS`] = services.addresses[program];
}
