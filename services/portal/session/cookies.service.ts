import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { configuredKeys, Sealer } from '#libs/sealing';
import type { Pending } from './issuer.service.ts';
import { Origin } from './origin.ts';

/** Longer than anybody takes to sign in. */
const PENDING_MS = 600_000;
const ABOUT = 'sign-in';

/**
 * What browsers keep for us: which session is theirs, and for some minutes that they went to sign in. No script reads
 * it and no other site's form sends it. Named so that no other host can set it, where it comes encrypted.
 */
@Injectable()
export class Cookies {
  readonly #sealer = new Sealer(configuredKeys('SEALING_KEYS'), 'cookie');
  readonly #session: string;
  readonly #pending: string;
  readonly #options: CookieOptions;

  constructor({ isEncrypted }: Origin) {
    const prefix = isEncrypted ? '__Host-' : ''; // browsers take that name over TLS alone
    this.#session = `${prefix}pasindo`;
    this.#pending = `${prefix}pasindo-sign-in`;
    this.#options = { httpOnly: true, sameSite: 'lax', secure: isEncrypted, path: '/' };
  }

  sessionIn(request: Request): string | undefined {
    return cookieIn(request, this.#session);
  }

  setSession(response: Response, sessionId: string): void {
    response.cookie(this.#session, sessionId, this.#options); // until the browser ends
  }

  clearSession(response: Response): void {
    response.clearCookie(this.#session, this.#options);
  }

  setPending(response: Response, pending: Pending): void {
    const sealed = this.#sealer.seal(Buffer.from(JSON.stringify(pending)), ABOUT).toString('base64url');
    response.cookie(this.#pending, sealed, { ...this.#options, maxAge: PENDING_MS });
  }

  /** Once. */
  takePending(request: Request, response: Response): Pending | undefined {
    const sealed = cookieIn(request, this.#pending);
    if (sealed === undefined) return undefined;
    response.clearCookie(this.#pending, this.#options);
    try {
      return JSON.parse(this.#sealer.open(Buffer.from(sealed, 'base64url'), ABOUT).toString());
    } catch {
      return undefined; // none of ours
    }
  }
}

function cookieIn(request: Request, name: string): string | undefined {
  const pairs = (request.header('cookie') ?? '').split(/;\s*/).map((pair) => pair.split('='));
  return pairs.find(([key]) => key === name)?.[1];
}
