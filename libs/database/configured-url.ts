import pg from 'pg';
import { requireEncrypted, setting } from '#libs/environment';

/** What pg makes of an address. */
interface Way {
  /** Of a socket of this computer: a directory. */
  readonly host: string;
  readonly ssl: boolean | { readonly rejectUnauthorized?: boolean; readonly checkServerIdentity?: unknown };
}

/**
 * The database that a variable, or the file that `{variable}_FILE` names, says: postgres://user:password@host:port/database.
 * @throws Error if it is elsewhere, and the way there not encrypted or its certificate not judged
 */
export function configuredUrl(variable: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = setting(variable, environment);
  if (url === undefined) return undefined;
  const { host, ssl } = new pg.Client(url) as unknown as Way;
  const isEncrypted = typeof ssl === 'object' ? ssl.rejectUnauthorized !== false && !ssl.checkServerIdentity : ssl;
  const remedy = 'sslmode=verify-full';
  if (!host.startsWith('/')) requireEncrypted({ host, isEncrypted, variable, remedy }, environment);
  return url;
}
