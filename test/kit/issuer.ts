/** An issuer of tokens for a test run: its keys over HTTP, and tokens of any content, signed where they are needed. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { startIdentity } from '../../deploy/local/identity.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { PROGRAMS } from '../../deploy/local/services.ts';

const AUDIENCE = 'urn:pasindo:test';
const CLIENT = 'tests';
/** No limits but where they are what is tested. */
const RATES = {
  RATE_PEOPLE_PER_SECOND: '100000',
  RATE_MARKETPLACES_PER_SECOND: '100000',
  RATE_REFUSED_TOKENS_PER_MINUTE: '100000',
};

/** What services know of it, and the key that tests sign with: environment of both. */
type IssuerEnvironment = Readonly<Record<string, string>>;

export interface TestIssuer {
  readonly environment: IssuerEnvironment;
  /** How often its keys were fetched. */
  readonly fetches: number;
  /** Publishes these keys from now on. */
  publish(...keys: JWK[]): void;
  stop(): Promise<void>;
}

export async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
}

export async function startIssuer(): Promise<TestIssuer> {
  const key = await newKey();
  let published: JWK[] = [];
  let fetches = 0;
  const publish = (...keys: JWK[]) => {
    published = keys.map(({ d: _, ...publicPart }) => publicPart);
  };
  publish(key);
  const server = createServer(({ url }, response) => {
    if (url === '/jwks') fetches += 1;
    const page = url === '/jwks' ? { keys: published } : { issuer, jwks_uri: `${issuer}/jwks` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: {
      OIDC_ISSUER: issuer,
      OIDC_AUDIENCE: AUDIENCE,
      PASINDO_DEMO: 'on',
      APPROVER_REST_HOURS: '0',
      ...RATES,
      TEST_ISSUER_KEY: JSON.stringify(key),
    },
    get fetches() {
      return fetches;
    },
    publish,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The issuer of `npm start`, where people sign in; tests sign with its key, for whichever service. */
export async function startDemoIssuer(): Promise<Pick<TestIssuer, 'environment' | 'stop'>> {
  delete process.env.OIDC_ISSUER;
  delete process.env.OIDC_AUDIENCE;
  const directory = temporaryDirectory();
  const { environment, stop } = await startIdentity({ directory, port: await freePort() });
  const kept = (name: string): string => readFileSync(join(directory, 'identity', name), 'utf8');
  return {
    environment: {
      ...environment,
      ...RATES,
      OIDC_CLIENT_SECRET: JSON.parse(kept('pasindo-portal.secret.json')),
      TEST_ISSUER_KEY: kept('signing-key.json'),
    },
    stop,
  };
}

export interface Content {
  /** Person id; without one it is a program's. */
  readonly person?: string;
  readonly grants: readonly string[];
  /** Claims and header members in place of the usual ones; undefined: none. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Default: the run's. */
  readonly key?: JWK;
}

/** A token as the issuer of this run signs them. */
export async function tokenOf({ person, grants, claims, header, key = ownKey() }: Content): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const usual = {
    iss: process.env.OIDC_ISSUER as string,
    aud: process.env.OIDC_AUDIENCE ?? PROGRAMS.map((program) => `urn:pasindo:${program}`),
    sub: person ?? CLIENT,
    client_id: CLIENT,
    iat: now,
    exp: now + 600,
    ...(person !== undefined && { auth_time: now }),
    grants,
  };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid as string, ...header })
    .sign(await importJWK(key, 'ES256'));
}

function ownKey(): JWK {
  return JSON.parse(process.env.TEST_ISSUER_KEY ?? '');
}
