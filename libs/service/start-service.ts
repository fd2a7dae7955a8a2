import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { collectDefaultMetrics } from 'prom-client';
import { DatabaseModule, type Migrations } from '#libs/database';
import { HttpModule, httpMigrations, overHttp } from '#libs/http';
import { EventTransport, MessagingModule, messagingMigrations } from '#libs/messaging';
import { log, NestLog } from '#libs/observability';
import { DeadLettersController } from './dead-letters.controller.ts';
import { OperationsController } from './operations.controller.ts';
import { Retention } from './retention.ts';
import { ReusedEventIdsController } from './reused-event-ids.controller.ts';
import { stopOnSignal } from './stop.ts';
import { UndeliverableController } from './undeliverable.controller.ts';

export interface ServiceDefinition {
  /** Name of the process, its consumer group and its logs. */
  readonly name: string;
  readonly module: Type;
  readonly migrations: Migrations;
}

/**
 * Runs one service until it is told to stop. It listens at `port` unless `PORT` says otherwise.
 * Environment: DATABASE_URL, KAFKA_BROKERS, PORT, HOST (127.0.0.1), LOG_LEVEL (info).
 */
export async function startService({ port, ...definition }: ServiceDefinition & { port: number }): Promise<void> {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, `${definition.name} ends`); // Node would write all that the error carries
    process.exit(1);
  });
  collectDefaultMetrics();
  const app = await createService(definition);
  stopOnSignal(app);
  await app.startAllMicroservices();
  const address = `${process.env.HOST ?? '127.0.0.1'}:${process.env.PORT ?? port}`;
  await app.listen(Number(process.env.PORT ?? port), process.env.HOST ?? '127.0.0.1');
  log.info({ address }, `${definition.name} is up`);
}

/** A service that is ready to start: database migrated, events in and out, HTTP with OpenAPI at /docs. */
export async function createService({ name, module, migrations }: ServiceDefinition): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(serviceModule(name, module, migrations), {
    logger: new NestLog(),
    bodyParser: false,
    forceCloseConnections: true,
  });
  overHttp(app);
  app.connectMicroservice({
    strategy: app.get(EventTransport),
  });

  const description = new DocumentBuilder().setTitle(`Pasindo ${name}`).setVersion('1').build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description));
  return app;
}

function serviceModule(name: string, module: Type, migrations: ServiceDefinition['migrations']): Type {
  @Module({
    imports: [
      DatabaseModule.forRoot({
        migrations: [...messagingMigrations, ...httpMigrations, ...migrations],
      }),
      MessagingModule.forRoot({ service: name }),
      HttpModule,
      module,
    ],
    controllers: [OperationsController, DeadLettersController, ReusedEventIdsController, UndeliverableController],
    providers: [Retention],
  })
  class ServiceModule {}
  return ServiceModule;
}
