/** How commands sign in: at the issuer of this computer they press a button themselves, at another a person does. */
import { createHash, randomBytes } from 'node:crypto';

/** Client id of our commands, wherever they sign in. */
export const COMMANDS = 'pasindo-commands';
/** Where a browser brings the answer of the issuer back to; any port (RFC 8252, 7.3). */
export const LOOPBACK = 'http://127.0.0.1/';

interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

export async function endpointsOf(issuer: string): Promise<Endpoints> {
  const page = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(page, { redirect: 'error' });
  if (!response.ok) throw new Error(`${issuer} answers ${response.status}`);
  const { issuer: itself, ...endpoints } = (await response.json()) as Endpoints & { readonly issuer: string };
  if (itself !== issuer) throw new Error(`${issuer} calls itself ${itself}`);
  return endpoints;
}

/** An authorization request of the code flow with PKCE, and what it takes to redeem its answer. */
export function authorizationRequest({ authorization_endpoint }: Endpoints, audience: string, redirect = LOOPBACK) {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const url = new URL(authorization_endpoint);
  url.search = `${new URLSearchParams({
    response_type: 'code',
    client_id: COMMANDS,
    redirect_uri: redirect,
    scope: 'openid',
    resource: audience,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })}`;
  return { url, state, verifier, redirect };
}

/** @returns an access token for the audience */
export async function redeem(
  { token_endpoint }: Endpoints,
  { code, verifier, redirect, audience }: { code: string; verifier: string; redirect: string; audience: string },
): Promise<string> {
  const response = await fetch(token_endpoint, {
    method: 'POST',
    redirect: 'error',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: COMMANDS,
      code,
      code_verifier: verifier,
      redirect_uri: redirect,
      resource: audience,
    }),
  });
  return tokenIn(response);
}

async function tokenIn(response: Response): Promise<string> {
  const { access_token: token, error_description: why } = (await response.json()) as Record<string, string>;
  if (!token) throw new Error(`the issuer refuses: ${why ?? response.status}`);
  return token;
}

/** A token of a demo person: presses the button as a browser would. Only the issuer of this computer has such buttons. */
export async function pressButton(issuer: string, person: string, audience: string): Promise<string> {
  const endpoints = await endpointsOf(issuer);
  const request = authorizationRequest(endpoints, audience);
  const cookies = new Map<string, string>();
  let at: URL = request.url;
  let form: URLSearchParams | undefined;
  for (let steps = 0; steps < 8; steps += 1) {
    const response = await fetch(at, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    form = undefined;
    if (location === null) {
      if (!response.ok || at.pathname.endsWith('/login')) throw new Error(`the issuer answers ${response.status}`);
      at = new URL(`${at.pathname}/login`, at);
      form = new URLSearchParams({ person });
      continue;
    }
    at = new URL(location, at);
    const code = at.searchParams.get('code');
    if (code !== null && at.href.startsWith(request.redirect)) return redeem(endpoints, { ...request, code, audience });
    if (at.searchParams.has('error'))
      throw new Error(`the issuer refuses: ${at.searchParams.get('error_description')}`);
  }
  throw new Error('the issuer sends us in circles');
}

/** A token of a program: client credentials. */
export async function clientToken(issuer: string, client: string, secret: string, audience: string): Promise<string> {
  const { token_endpoint } = await endpointsOf(issuer);
  const authorization = `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials', resource: audience });
  return tokenIn(await fetch(token_endpoint, { method: 'POST', redirect: 'error', headers: { authorization }, body }));
}
