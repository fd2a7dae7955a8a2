import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { rowAccess } from '#libs/database';
import { correlation } from '#libs/observability';
import { Rates } from './rates.ts';
import { readGrants } from './roles.ts';
import { type TokenVerifier, unauthorized } from './token.verifier.ts';

/** Finds out who asks before anything of the request is read. Whether that is enough, the route's permission says. */
export function authenticate(verifier: TokenVerifier): RequestHandler {
  const rates = new Rates();
  return async (request: Request, _: Response, next: NextFunction) => {
    try {
      const token = tokenOf(request);
      if (token !== undefined) {
        await rates.requireFewRefused(request);
        const { grants, ...who } = await verifier.verify(token);
        const { person, client } = who;
        Object.assign(correlation.getStore() ?? {}, { person, client });
        request.principal = { ...who, grants: readGrants(grants) };
        request.caller = person === undefined ? `client:${client}` : `person:${person}`;
      }
    } catch (error) {
      if ((error as { status?: number }).status === 401) await rates.countRefused(request);
      throw error;
    }
    await rates.count(request);
    rowAccess.run({}, next);
  };
}

/** Of the header alone: a token in an address would be in every log. */
function tokenOf(request: Request): string | undefined {
  const given = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization');
  if (given.length === 0) return undefined;
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.header('authorization') ?? '') ?? [];
  if (token === undefined || given.length > 1) {
    throw unauthorized('no-bearer-token', 'One header says Bearer and a token.');
  }
  return token;
}
