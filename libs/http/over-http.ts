import type { NestExpressApplication } from '@nestjs/platform-express';
import { AskedGuard } from './asked.guard.ts';
import { readBody } from './body.ts';
import { correlate } from './correlation.ts';
import { ProblemFilter } from './problem.ts';
import { tellUnparsable } from './unparsable.ts';
import { validation } from './validation.ts';

/** How every service takes requests and answers them. Its application is made with `bodyParser: false`. */
export function overHttp(app: NestExpressApplication): void {
  app.getHttpServer().on('clientError', tellUnparsable);
  app.disable('x-powered-by');
  app.use(correlate);
  for (const [path, handler] of readBody) app.use(path, handler);
  app.useGlobalGuards(new AskedGuard());
  app.useGlobalPipes(validation);
  app.useGlobalFilters(new ProblemFilter());
}
