import { Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AccessModule, accessOf } from '#libs/access';
import { Database } from '#libs/database';
import { HttpModule, overHttp } from '#libs/http';
import { newId } from '#libs/messaging';
import { signedFetch } from './sign-in.ts';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  readonly body: any;
}

/** Some controllers of a service over HTTP, without its events. */
export interface Served {
  readonly address: string;
  /** Each POST has an Idempotency-Key of its own. */
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer>;
  /** The database stays open. */
  close(): void;
}

/** Serves controllers at any free port; `path` of a call begins behind `/v1/`. */
export async function serve(database: Database, controllers: Type[], providers: Provider[]): Promise<Served> {
  @Module({ providers: [{ provide: Database, useValue: database }], exports: [Database] })
  class DatabaseOfTest {}
  @Module({
    imports: [{ module: DatabaseOfTest, global: true }, HttpModule, AccessModule.forRoot({ service: 'test' })],
    controllers,
    providers,
  })
  class ServedModule {}

  const options = { logger: false, bodyParser: false } as const;
  const app = await NestFactory.create<NestExpressApplication>(ServedModule, options);
  overHttp(app, accessOf(app));
  await app.listen(0, '127.0.0.1');
  const address = await app.getUrl();
  return {
    address,
    call: async (method, path, body) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': newId() };
      const response = await signedFetch(`${address}/v1/${path}`, {
        method,
        ...(body && { body: JSON.stringify(body), headers }),
      });
      return { status: response.status, body: await response.json() };
    },
    close: () => void app.getHttpServer().close(), // closing the application would close the database as well
  };
}
