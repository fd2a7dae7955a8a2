import { createHash, randomBytes } from 'node:crypto';

/** Whoever does nothing for so long signs in again. docs/OPERATING.md says the same. */
export const IDLE_MINUTES = 30;
/** Whatever somebody does: a working day. */
export const LIFE_HOURS = 8;

const ID_BYTES = 32;

/** Somebody who is signed in. */
export interface Session {
  readonly idHash: Buffer;
  readonly person: string;
  readonly tokens: Tokens;
}

/** What the issuer has given for a session; none of it ever leaves this process. */
export interface Tokens {
  readonly refresh: string;
  /** By audience. */
  readonly access: Readonly<Record<string, AccessToken>>;
}

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What a cookie holds: it says nothing, and cannot be guessed. */
export function newSessionId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

/** Under which a session is kept. */
export function hashOf(sessionId: string): Buffer {
  return createHash('sha256').update(sessionId).digest();
}

/** An address of ours that somebody may be sent to: a path, or the beginning. */
export function localPath(to: string | undefined): string {
  if (to === undefined || !to.startsWith('/')) return '/';
  const base = 'http://localhost';
  const url = URL.parse(to, base);
  return url?.origin === base ? `${url.pathname}${url.search}` : '/';
}
