import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { collectDefaultMetrics } from 'prom-client';
import { AccessModule, accessOf, type Policy, requireDoors, routesOf } from '#libs/access';
import { type Database, DatabaseModule, type Migrations, openConfigured } from '#libs/database';
import { type Access, HttpModule, overHttp } from '#libs/http';
import { EventTransport, MessagingModule } from '#libs/messaging';
import { log, NestLog, startTracing } from '#libs/observability';
import { ApproversController } from './approvers.controller.ts';
import { DeadLettersController } from './dead-letters.controller.ts';
import { type Edges, edgesOf, serveMetrics } from './edges.ts';
import { commonMigrations } from './migrations.ts';
import { OperationsController } from './operations.controller.ts';
import { PersonalReadEnd } from './personal-read-end.ts';
import { PersonalReadsController } from './personal-reads.controller.ts';
import { operationsPolicy } from './policy.ts';
import { Retention } from './retention.ts';
import { ReusedEventIdsController } from './reused-event-ids.controller.ts';
import { stopOnSignal } from './stop.ts';
import { UndeliverableController } from './undeliverable.controller.ts';

/** What every service has besides its own. */
export const operationsControllers = [
  OperationsController,
  DeadLettersController,
  ReusedEventIdsController,
  UndeliverableController,
  ApproversController,
  PersonalReadsController,
];

export interface ServiceDefinition {
  /** Name of the process, its consumer group and its logs. */
  readonly name: string;
  readonly module: Type;
  readonly migrations: Migrations;
  /** Who may do what: all of its routes' permissions. */
  readonly policy: Policy;
}

interface StartedDefinition extends ServiceDefinition {
  readonly port: number;
  /** Its databases besides DATABASE_URL, opened: they are migrated with it. */
  readonly others?: readonly (() => Promise<Database>)[];
}

/**
 * Runs one service until it is told to stop. It listens at `port` unless `PORT` says otherwise. With the argument
 * `migrate` it brings its databases up to date instead, and ends.
 * Environment: DATABASE_URL, KAFKA_BROKERS, KAFKA_USERNAME and its password, LOG_LEVEL (info), what libs/access and edges.ts name.
 */
export function startService({ port, others = [], ...definition }: StartedDefinition): Promise<void> {
  const own = () => openConfigured([...commonMigrations, ...definition.migrations]);
  return runProgram(definition.name, port, (edges) => createService(definition, edges), [own, ...others]);
}

/**
 * Runs a program that listens until it is told to stop, or migrates.
 * @param databases all that it has, opened
 */
export async function runProgram(
  name: string,
  port: number,
  create: (edges: Edges) => Promise<NestExpressApplication>,
  databases: readonly (() => Promise<Database>)[],
): Promise<void> {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, `${name} ends`); // Node would write all that the error carries
    process.exit(1);
  });
  if (process.argv[2] === 'migrate') {
    for (const open of databases) await (await open()).onApplicationShutdown();
    log.info(`${name}: its databases are up to date`);
    return;
  }
  collectDefaultMetrics();
  const endTracing = startTracing(name);
  const edges = edgesOf(port);
  const app = await create(edges);
  stopOnSignal({ close: () => app.close().finally(endTracing) });
  await app.startAllMicroservices();
  await app.listen(edges.port, edges.host);
  serveMetrics(edges);
  log.info({ address: `${edges.host}:${edges.port}` }, `${name} is up`);
}

type CreationEdges = Pick<Edges, 'tls' | 'trustProxy' | 'isDemo'>;

/** A service that is ready to start: database migrated, events in and out, HTTP with OpenAPI at /docs. */
export async function createService(
  { policy, ...definition }: ServiceDefinition,
  edges: CreationEdges = edgesOf(0),
): Promise<NestExpressApplication> {
  const { name } = definition;
  const whole = serviceModule(definition);
  requireDoors(routesOf(whole), [policy, operationsPolicy]);
  const app = await createApplication(whole, accessOf, edges);
  app.connectMicroservice({
    strategy: app.get(EventTransport),
  });

  if (!edges.isDemo) return app;
  const description = new DocumentBuilder().setTitle(`Pasindo ${name}`).setVersion('1').addBearerAuth().build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description));
  return app;
}

/** An application that takes requests as all of ours do. */
export async function createApplication(
  module: Type,
  accessOf: (app: NestExpressApplication) => Access,
  { tls, trustProxy }: Pick<Edges, 'tls' | 'trustProxy'>,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: new NestLog(),
    bodyParser: false,
    forceCloseConnections: true,
    ...(tls && { httpsOptions: tls }),
  });
  if (trustProxy !== undefined) app.set('trust proxy', trustProxy);
  overHttp(app, accessOf(app));
  return app;
}

function serviceModule({ name, module, migrations }: Omit<ServiceDefinition, 'policy'>): Type {
  @Module({
    imports: [
      DatabaseModule.forRoot({
        migrations: [...commonMigrations, ...migrations],
      }),
      MessagingModule.forRoot({ service: name }),
      HttpModule,
      AccessModule.forRoot({ service: name }),
      module,
    ],
    controllers: operationsControllers,
    providers: [Retention, PersonalReadEnd],
  })
  class ServiceModule {}
  return ServiceModule;
}
