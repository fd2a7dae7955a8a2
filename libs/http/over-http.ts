import type { CanActivate } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import { AskedGuard } from './asked.guard.ts';
import { BodyGuard } from './body.guard.ts';
import { correlate } from './correlation.ts';
import { harden } from './headers.ts';
import { ProblemFilter } from './problem.ts';
import { tellUnparsable } from './unparsable.ts';
import { validation } from './validation.ts';

/** A request that has not come in whole by then is given up; a large import over a slow line is in time. */
const REQUEST_TIMEOUT_MS = 600_000;

/** Who asks, and what he may: see libs/access. */
export interface Access {
  /** Before anything of a request is looked at. */
  readonly authenticate: RequestHandler;
  /** Before its body is read. */
  readonly permission: CanActivate;
  /** When it is known what it is about. */
  readonly scope: CanActivate;
}

/** How every service takes requests and answers them. Its application is made with `bodyParser: false`. */
export function overHttp(app: NestExpressApplication, { authenticate, permission, scope }: Access): void {
  const server = app.getHttpServer();
  server.on('clientError', tellUnparsable);
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  app.disable('x-powered-by');
  app.use(harden);
  app.use(correlate);
  app.use(authenticate);
  app.useGlobalGuards(permission, new BodyGuard(), new AskedGuard(), scope);
  app.useGlobalPipes(validation);
  app.useGlobalFilters(new ProblemFilter());
}
