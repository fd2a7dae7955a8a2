/**
 * An OpenID issuer for this computer, and nothing else: whoever presses a button is that person. Any other installation
 * names an issuer of its own (OIDC_ISSUER). Environment: PORT, HOST (127.0.0.1), IDENTITY_DIRECTORY (keys and secrets).
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Configuration, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { keptFile } from '../kafka/kept-file.ts';
import { PROGRAMS } from '../local/services.ts';
import { MARKETPLACES, PERSONS } from './persons.ts';
import { COMMANDS, LOOPBACK } from './sign-in.ts';

const TOKEN_SECONDS = 600;
const DAY_SECONDS = 86_400;
const PORTAL = 'pasindo-portal';

const directory = process.env.IDENTITY_DIRECTORY;
if (!directory) throw new Error('IDENTITY_DIRECTORY is not set: where keys and secrets are kept');
mkdirSync(directory, { recursive: true, mode: 0o700 });
const host = process.env.HOST ?? '127.0.0.1';
const port = Number(process.env.PORT);
const issuer = `http://${host}:${port}`;

/** Nobody is asked whether our own programs may sign them in. */
const prompts = interactionPolicy.base();
prompts.remove('consent');

const audiences = PROGRAMS.map((service) => `urn:pasindo:${service}`);

const configuration: Configuration = {
  jwks: { keys: [kept('signing-key.json', newKey)] } as Configuration['jwks'],
  cookies: { keys: [kept('cookie-key.json', () => randomBytes(32).toString('base64url'))] },
  clients: [
    {
      client_id: COMMANDS,
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: [LOOPBACK],
      grant_types: ['authorization_code', 'refresh_token'],
    },
    {
      client_id: PORTAL,
      client_secret: kept(`${PORTAL}.secret.json`, () => randomBytes(24).toString('base64url')),
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/auth/callback'], // any port (RFC 8252, 7.3)
      grant_types: ['authorization_code', 'refresh_token'],
    },
    ...MARKETPLACES.map((channel) => ({
      client_id: `mp-${channel}`,
      client_secret: kept(`mp-${channel}.secret.json`, () => randomBytes(24).toString('base64url')),
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [] as never[],
      grants: [`marketplace@channel:${channel}`],
    })),
  ],
  extraClientMetadata: { properties: ['grants'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, audience) => ({
        scope: '',
        audience: audiences.includes(audience) ? audience : 'urn:none',
        accessTokenTTL: TOKEN_SECONDS,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
      useGrantedResource: () => true,
    },
  },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  scopes: ['openid', 'offline_access'],
  issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (context, token) => {
    const { AuthorizationCode, RefreshToken, Client } = context.oidc.entities;
    if (!('accountId' in token)) return { grants: Client?.grants };
    const person = PERSONS.find(({ id }) => id === token.accountId);
    const since = AuthorizationCode?.authTime ?? RefreshToken?.authTime;
    return { grants: person?.grants ?? [], auth_time: since, acr: 'demo' };
  },
  interactions: { policy: prompts, url: (_, { uid }) => `/interaction/${uid}` },
  loadExistingGrant: async (context) => {
    const { session, client, params } = context.oidc;
    const known = session?.grantIdFor(client?.clientId ?? '');
    const grant =
      (known && (await context.oidc.provider.Grant.find(known))) ||
      new context.oidc.provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
    grant.addOIDCScope('openid offline_access');
    for (const audience of [params?.resource].flat()) if (audience) grant.addResourceScope(String(audience), '');
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: TOKEN_SECONDS,
    ClientCredentials: TOKEN_SECONDS,
    AuthorizationCode: 60,
    IdToken: TOKEN_SECONDS,
    Interaction: 600,
    Session: DAY_SECONDS,
    Grant: DAY_SECONDS,
    RefreshToken: DAY_SECONDS,
  },
};

const provider = new Provider(issuer, configuration);
provider.use(async (context: KoaContextWithOIDC, next: () => Promise<void>) => {
  if (context.path === '/persons') {
    context.body = PERSONS;
    return;
  }
  const { login_hint: hint } = context.query;
  if (context.path === '/auth' && typeof hint === 'string') await forgetOthers(context, hint);
  const [, uid, pressed] = /^\/interaction\/([\w-]+)(\/\w+)?$/.exec(context.path) ?? [];
  if (!uid) return next();
  if (context.method === 'POST' && pressed) {
    const { person } = Object.fromEntries(new URLSearchParams(await textOf(context.req)));
    if (!PERSONS.some(({ id }) => id === person)) return context.throw(400, 'nobody of the demo');
    return signIn(context, person as string);
  }
  const { params } = await provider.interactionDetails(context.req, context.res);
  if (PERSONS.some(({ id }) => id === params.login_hint)) return signIn(context, String(params.login_hint)); // pressed already
  context.type = 'html';
  context.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  context.body = pageOf(uid);
});
provider.listen(port, host);

/** Who was somebody else in this browser is not asked to sign out first. */
async function forgetOthers(context: KoaContextWithOIDC, person: string): Promise<void> {
  const session = await provider.Session.get(context);
  if (session.accountId === undefined || session.accountId === person) return;
  Object.assign(session, { accountId: undefined, authorizations: {} });
  await session.persist();
}

function signIn({ req, res }: KoaContextWithOIDC, person: string): Promise<void> {
  const result = { login: { accountId: person, acr: 'demo', remember: false } };
  return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
}

function pageOf(uid: string): string {
  const buttons = PERSONS.map(
    ({ id, title }) => `<button name="person" value="${id}">${title.id}<small lang="en">${title.en}</small></button>`,
  );
  return `<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pasindo demo</title>
<style>body{font:16px/1.4 system-ui;max-width:32rem;margin:2rem auto;padding:0 1rem}
form{display:grid;gap:.5rem}button{font:inherit;padding:.7rem 1rem;text-align:start;border:1px solid #888;border-radius:.5rem;background:#fff}
small{display:block;color:#555}</style>
<h1>Demo, bukan untuk produksi</h1><p lang="en">Demo, not for production. Sign in as:</p>
<form method="post" action="/interaction/${uid}/login">${buttons.join('')}</form></html>`;
}

async function textOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function newKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: randomBytes(8).toString('hex') };
}

/** Made at the first start, the same afterwards. */
function kept<T>(name: string, make: () => T): T {
  const file = keptFile(join(directory as string, name), () => JSON.stringify(make()));
  return JSON.parse(readFileSync(file, 'utf8'));
}
