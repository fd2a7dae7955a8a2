import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { PersonId } from '#libs/contracts';
import { Problem } from '#libs/http';
import { log } from '#libs/observability';
import type { Identity } from './principal.ts';

const ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA'];
const LIFETIME_MAX_S = 600;
const SKEW_S = 30;
const KEYS_MAX_AGE_MS = 300_000;
const KEYS_COOLDOWN_MS = 30_000;
const ISSUER_DEADLINE_MS = 5_000;
export const NO_TOKEN = 'no-token';

export interface IssuerOptions {
  /** As `iss` says it, to the letter. */
  readonly issuer: string;
  readonly audience: string;
  /** `typ` of its access tokens: `at+jwt` by RFC 9068. */
  readonly tokenType: string;
  readonly personClaim: string;
  readonly grantsClaim: string;
}

/** Environment: OIDC_ISSUER, OIDC_AUDIENCE (urn:pasindo:SERVICE), OIDC_TOKEN_TYPE, OIDC_PERSON_CLAIM, OIDC_GRANTS_CLAIM. */
export function issuerOf(service: string, environment: NodeJS.ProcessEnv = process.env): IssuerOptions {
  const issuer = environment.OIDC_ISSUER;
  if (!issuer) throw new Error('OIDC_ISSUER is not set: the URL of who issues tokens');
  if (new URL(issuer).protocol !== 'https:' && environment.PASINDO_DEMO !== 'on') {
    throw new Error('OIDC_ISSUER is not https: anybody between it and us could issue tokens');
  }
  return {
    issuer,
    audience: environment.OIDC_AUDIENCE ?? `urn:pasindo:${service}`,
    tokenType: environment.OIDC_TOKEN_TYPE ?? 'at+jwt',
    personClaim: environment.OIDC_PERSON_CLAIM ?? 'sub',
    grantsClaim: environment.OIDC_GRANTS_CLAIM ?? 'grants',
  };
}

/**
 * Judges access tokens (RFC 9068) by the keys of their issuer, which are fetched when the first token comes: without the
 * issuer events flow, and tokens are judged for as long as its keys are remembered.
 */
export class TokenVerifier {
  #keys: JWTVerifyGetKey | undefined;
  #looking: Promise<JWTVerifyGetKey> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: IssuerOptions) {}

  /**
   * Who it is for, and its grants as it says them.
   * @throws Problem 401: not a token of this issuer for this service; 503: the issuer is away
   */
  async verify(token: string): Promise<Identity & { readonly grants: unknown }> {
    const { issuer, audience, tokenType: typ } = this.options;
    const rules = {
      issuer,
      audience,
      typ,
      algorithms: ALGORITHMS,
      clockTolerance: SKEW_S,
      requiredClaims: ['exp', 'iat', 'sub'],
    };
    const { payload } = await jwtVerify(token, await this.#issuerKeys(), rules).catch((error: unknown) => {
      throw isJudgement(error) ? unauthorized(reasonOf(error), 'This token is not valid here.') : this.#away(error);
    });
    if ((payload.exp ?? 0) - (payload.iat ?? 0) > LIFETIME_MAX_S) {
      throw unauthorized('lives-too-long', `A token lives ${LIFETIME_MAX_S} seconds at most.`);
    }
    return this.#saidBy(payload);
  }

  #saidBy(payload: JWTPayload): Identity & { readonly grants: unknown } {
    const client = payload.client_id ?? payload.azp;
    const named = payload[this.options.personClaim];
    if (typeof client !== 'string' || typeof named !== 'string') {
      throw unauthorized('names-nobody', 'This token does not say who it is for.');
    }
    const isPerson = payload.sub !== client; // of a client that acts for itself they are one (RFC 9068, 2.2)
    const { value: person } = isPerson ? PersonId.judge(named) : {};
    if (isPerson && person === undefined) throw unauthorized('no-person-id', 'This token names no person id of ours.');
    const { auth_time: at, acr } = payload;
    return {
      person,
      client,
      grants: payload[this.options.grantsClaim],
      authenticatedAt: typeof at === 'number' ? new Date(at * 1_000) : undefined,
      authenticatedBy: typeof acr === 'string' ? acr : undefined,
    };
  }

  async #issuerKeys(): Promise<JWTVerifyGetKey> {
    if (this.#keys) return this.#keys;
    if (!this.#looking && performance.now() - this.#lookedAt < 1_000) throw this.#away(undefined);
    this.#looking ??= keysOf(this.options.issuer).finally(() => {
      this.#lookedAt = performance.now();
      this.#looking = undefined;
    });
    try {
      this.#keys = await this.#looking;
      return this.#keys;
    } catch (error) {
      throw this.#away(error);
    }
  }

  #away(error: unknown): Problem {
    if (error) log.warn({ err: error }, 'the issuer of tokens does not answer');
    return new Problem({
      status: 503,
      title: 'Not available',
      detail: 'Who issues tokens is away. Try again in a few seconds.',
    });
  }
}

/** Where an issuer's keys are, says its own page (OpenID Connect Discovery). */
async function keysOf(issuer: string): Promise<JWTVerifyGetKey> {
  const page = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(page, { redirect: 'error', signal: AbortSignal.timeout(ISSUER_DEADLINE_MS) });
  if (!response.ok) throw new Error(`the issuer answers ${response.status}`);
  const configuration = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (configuration.issuer !== issuer) throw new Error('the issuer calls itself otherwise');
  const keys = new URL(String(configuration.jwks_uri));
  if (keys.protocol !== new URL(issuer).protocol) throw new Error('the keys of the issuer are behind another protocol');
  return createRemoteJWKSet(keys, {
    cacheMaxAge: KEYS_MAX_AGE_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    timeoutDuration: ISSUER_DEADLINE_MS,
  });
}

/** What jose says of a token, not of a way to the keys. */
function isJudgement(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return error instanceof TypeError && !('cause' in error);
  return error.code !== 'ERR_JOSE_GENERIC' && !(error instanceof errors.JWKSTimeout);
}

/** For the log, which rule it breaks: `jwt-expired`, `jwt-claim-validation-failed aud`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof errors.JOSEError)) return 'unreadable';
  const code = error.code.replace('ERR_', '').replaceAll('_', '-').toLowerCase();
  return error instanceof errors.JWTClaimValidationFailed ? `${code} ${error.claim}` : code;
}

/**
 * RFC 6750: the answer says in a header too, which the caller's library reads, that a token was refused; why, the log
 * alone says.
 */
export function unauthorized(reason: string, detail: string): Problem {
  const challenge = reason === NO_TOKEN ? 'Bearer' : `Bearer error="invalid_token", error_description="${detail}"`;
  const headers = { 'www-authenticate': challenge };
  return new Problem({ status: 401, title: 'Not signed in', detail, headers, reason });
}
