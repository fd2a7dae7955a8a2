import { Injectable } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
  tokenRevocation,
} from 'openid-client';
import { issuerOf } from '#libs/access';
import { setting } from '#libs/environment';
import { Problem } from '#libs/http';
import { log } from '#libs/observability';
import { audienceOf, PORTAL, SERVICES } from '../calls/service.ts';
import { Origin } from './origin.ts';
import type { AccessToken, Tokens } from './session.ts';

const DEADLINE_S = 5;
const DEMO_CLIENT = 'pasindo-portal';

/** What has to be known again when somebody comes back from the issuer. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where to then. */
  readonly to: string;
}

/** The issuer gives nothing for this refresh token any more: it was revoked, or is too old. */
export class GrantEnded extends Error {}

/**
 * Who says who somebody is: OpenID Connect, code flow with PKCE, access tokens by audience (RFC 8707).
 * Environment: OIDC_ISSUER, OIDC_CLIENT_ID (pasindo-portal), OIDC_CLIENT_SECRET or OIDC_CLIENT_SECRET_FILE.
 */
@Injectable()
export class IssuerService {
  readonly #address = new URL(issuerOf(PORTAL).issuer);
  #found: Promise<Configuration> | undefined;

  constructor(private readonly origin: Origin) {}

  /** @param as a person of the demo */
  async begin(to: string, as: string | undefined): Promise<{ url: URL; pending: Pending }> {
    const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), to };
    const parameters = new URLSearchParams({
      redirect_uri: this.#callback.href,
      scope: 'openid',
      prompt: 'login', // who signs in is who sits here, not who sat here before
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      ...(as !== undefined && { login_hint: as }),
    });
    for (const name of [PORTAL, ...SERVICES] as const) parameters.append('resource', audienceOf(name));
    return { url: buildAuthorizationUrl(await this.#issuer(), parameters), pending };
  }

  /** @param query of the address that the issuer sent somebody back to */
  async finish({ state, nonce, verifier }: Pending, query: URLSearchParams): Promise<Tokens> {
    const audience = audienceOf(PORTAL);
    const issuer = await this.#issuer();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const answer = await authorizationCodeGrant(issuer, new URL(`?${query}`, this.#callback), checks, {
      resource: audience,
    });
    if (!answer.refresh_token) throw new Error('the issuer gives no refresh token');
    return { refresh: answer.refresh_token, access: { [audience]: accessIn(answer) } };
  }

  /** @throws GrantEnded */
  async refresh(tokens: Tokens, audience: string): Promise<Tokens> {
    const answer = await this.#asked((issuer) => refreshTokenGrant(issuer, tokens.refresh, { resource: audience }));
    return {
      refresh: answer.refresh_token ?? tokens.refresh,
      access: { ...tokens.access, [audience]: accessIn(answer) },
    };
  }

  /** As far as the issuer can be told: our own session has ended in any case. */
  async revoke({ refresh }: Tokens): Promise<void> {
    try {
      await tokenRevocation(await this.#issuer(), refresh, { token_type_hint: 'refresh_token' });
    } catch (error) {
      log.warn({ err: error }, 'a refresh token is not revoked at the issuer');
    }
  }

  get #callback(): URL {
    return new URL('/auth/callback', this.origin.url);
  }

  async #asked<Answer>(ask: (issuer: Configuration) => Promise<Answer>): Promise<Answer> {
    const issuer = await this.#issuer();
    try {
      return await ask(issuer);
    } catch (error) {
      if (error instanceof ResponseBodyError && error.error === 'invalid_grant') throw new GrantEnded();
      throw away(error);
    }
  }

  async #issuer(): Promise<Configuration> {
    this.#found ??= this.#discovered();
    try {
      return await this.#found;
    } catch (error) {
      this.#found = undefined;
      throw away(error);
    }
  }

  #discovered(): Promise<Configuration> {
    const { OIDC_CLIENT_ID: id = DEMO_CLIENT } = process.env;
    const secret = setting('OIDC_CLIENT_SECRET');
    return discovery(this.#address, id, undefined, secret ? ClientSecretBasic(secret) : None(), {
      timeout: DEADLINE_S,
      ...(this.#address.protocol === 'http:' && { execute: [allowInsecureRequests] }), // of a demo: issuerOf says so
    });
  }
}

function accessIn(answer: TokenEndpointResponse & TokenEndpointResponseHelpers): AccessToken {
  return { token: answer.access_token, expiresAt: Date.now() + (answer.expiresIn() ?? 0) * 1_000 };
}

function away(error: unknown): Problem {
  log.warn({ err: error }, 'the issuer of tokens does not answer');
  return new Problem({
    status: 503,
    title: 'Not available',
    detail: 'Who says who you are is away. Try again in a few seconds.',
  });
}
