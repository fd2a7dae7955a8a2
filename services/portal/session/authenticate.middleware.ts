import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Rates } from '#libs/access';
import { Problem } from '#libs/http';
import { correlation } from '#libs/observability';
import type { Cookies } from './cookies.service.ts';
import type { Session } from './session.ts';
import type { SessionsService } from './sessions.service.ts';

declare global {
  namespace Express {
    interface Request {
      session?: Session;
    }
  }
}

/** Finds out who asks by the cookie, and that it is a page of ours that asks. */
export function authenticate(sessions: SessionsService, cookies: Cookies): RequestHandler {
  const rates = new Rates();
  return async (request: Request, _: Response, next: NextFunction) => {
    requireOurPage(request);
    const sessionId = cookies.sessionIn(request);
    const session = sessionId === undefined ? undefined : await sessions.use(sessionId);
    if (session) {
      request.session = session;
      Object.assign(correlation.getStore() ?? {}, { person: session.person });
      request.caller = `person:${session.person}`;
    }
    await rates.count(request);
    next();
  };
}

/**
 * A browser says where a request comes from, which no page can change. What changes something comes from a page of ours
 * and bears a header that a form cannot send; nothing is read by another site.
 * @throws Problem (403)
 */
function requireOurPage(request: Request): void {
  const site = request.header('sec-fetch-site');
  if (['GET', 'HEAD'].includes(request.method)) {
    if (request.path.startsWith('/api/') && site !== undefined && !['same-origin', 'none'].includes(site))
      throw foreign();
    return;
  }
  if (site !== 'same-origin' || request.header('x-pasindo') !== '1') throw foreign();
}

function foreign(): Problem {
  return new Problem({
    status: 403,
    title: 'Not from here',
    reason: 'another-site',
    detail: 'What changes something comes from a page of the portal, with X-Pasindo: 1.',
  });
}
