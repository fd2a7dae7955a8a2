import type { NextFunction, Request, Response } from 'express';

/** Whoever goes on sending after the answer may do so long enough to read it. */
const PARTING_MS = 5_000;

/** Ends the connection of a request that was answered, in most cases refused, before it had come in whole. */
export function partInTime(request: Request, response: Response, next: NextFunction): void {
  response.once('finish', () => {
    if (request.complete) return;
    const parting = setTimeout(() => request.socket.destroy(), PARTING_MS);
    request.once('close', () => clearTimeout(parting));
  });
  next();
}
