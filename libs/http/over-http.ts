import type { CanActivate } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import { AskedGuard } from './asked.guard.ts';
import { BodyGuard } from './body.guard.ts';
import { correlate } from './correlation.ts';
import { harden } from './headers.ts';
import { partInTime } from './parting.ts';
import { ProblemFilter } from './problem.ts';
import { tellUnparsable } from './unparsable.ts';
import { validation } from './validation.ts';

/** Node's own limits, of what comes before a body is waited for (body.guard.ts), and of the longest import. */
const HEADERS_MS_MAX = 30_000;
const REQUEST_MS_MAX = 600_000;

/** Who asks, and what he may: see libs/access. */
export interface Access {
  /** Before anything of a request is looked at. */
  readonly authenticate: RequestHandler;
  /** Before its body is read. */
  readonly permission: CanActivate;
  /** When it is known what it is about. Absent: nothing here is confined to a part of it. */
  readonly scope?: CanActivate;
}

/** How every service takes requests and answers them. Its application is made with `bodyParser: false`. */
export function overHttp(app: NestExpressApplication, { authenticate, permission, scope }: Access): void {
  const server = app.getHttpServer();
  server.on('clientError', tellUnparsable);
  server.headersTimeout = HEADERS_MS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  app.disable('x-powered-by');
  app.use(harden);
  app.use(correlate);
  app.use(partInTime);
  app.use(authenticate);
  app.useGlobalGuards(permission, new BodyGuard(), new AskedGuard(), ...(scope ? [scope] : []));
  app.useGlobalPipes(validation);
  app.useGlobalFilters(new ProblemFilter());
}
