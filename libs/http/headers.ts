import type { NextFunction, Request, Response } from 'express';

/** What browsers are told: to keep nothing, to guess nothing, to run nothing. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
const ENCRYPTED_FROM_NOW_ON = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

export function harden(request: Request, response: Response, next: NextFunction): void {
  response.set(HEADERS);
  if (request.secure) response.set(ENCRYPTED_FROM_NOW_ON);
  if (request.path.startsWith('/docs')) response.removeHeader('content-security-policy'); // a page of its own, in a demo
  next();
}
