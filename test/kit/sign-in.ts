/** Requests of tests, signed in as somebody who may do what they ask. */
import { tokenOf } from './issuer.ts';

/** Who does everything but approve, which nobody does who does this. */
export const DOER = ['drafter@national', 'operator@national', 'administrator@national', 'overseer@national'];

/** Paths that others read or write. */
const OTHERS: readonly (readonly [path: RegExp, grants: (of: { channel: string; at: string }) => readonly string[]])[] =
  [
    [/\/makers\/[^/]+\/erasure/, () => ['privacy@national']],
    [/\/v1\/personal-reads\b/, () => ['privacy@national']],
    [/\/v1\/makers\/(names|search|[^/]+\/consent)$/, ({ at }) => [`officer@facility:${at}`]],
    [/\/approval$/, () => ['approver@national']],
    [/\/v1\/(exports|verifications)\b/, () => ['auditor@national']],
    [/\/v1\/checkouts$/, ({ channel }) => [`marketplace@channel:${channel}`]],
    [/\/v1\/feed$/, ({ channel }) => [`marketplace@channel:${channel}`]],
    [/\/v1\/returns$/, ({ at }) => [`officer@facility:${at}`]],
  ];

/** Whoever reads these says what for. */
const TELLS_OF_MAKERS = /\/v1\/makers\/[^/]+\/(statement|standing|story)$/;

/** The header of somebody who may ask this, everywhere. @param by person id @param at the facility of an officer */
export async function authorizationFor(
  path: string,
  { by = 'p-1', channel = 'blanja', at = 'F1' } = {},
): Promise<string> {
  const grants = OTHERS.find(([pattern]) => pattern.test(path))?.[1]({ channel, at }) ?? DOER;
  const isProgram = grants.some((grant) => grant.startsWith('marketplace'));
  return `Bearer ${await tokenOf({ ...(!isProgram && { person: by }), grants })}`;
}

/** For commands: who may do everything but approve. */
export async function commandToken(by?: string): Promise<{ PASINDO_TOKEN: string }> {
  const [, PASINDO_TOKEN = ''] = (await authorizationFor('', by ? { by } : {})).split(' ');
  return { PASINDO_TOKEN };
}

/**
 * `fetch`, signed in as somebody who may do what is asked, everywhere.
 * @param init its body is JSON; `by` in it is the person who asks, `at` the facility of an officer: they are not sent
 */
export async function signedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const { by, at, ...sent } = typeof init.body === 'string' ? JSON.parse(init.body) : ({} as Record<string, string>);
  const { pathname } = new URL(url);
  const authorization = await authorizationFor(pathname, { by, at, channel: sent.channel });
  return fetch(url, {
    ...init,
    headers: {
      authorization,
      ...(TELLS_OF_MAKERS.test(pathname) && { 'x-purpose': 'statement' }),
      ...(init.headers as Record<string, string>),
    },
    ...(typeof init.body === 'string' && { body: JSON.stringify(sent) }),
  });
}
