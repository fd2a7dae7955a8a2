/** The portal's own server, the only one that this page talks to. */
import { type Problem, Refused } from './problem.ts';

export type Service = 'catalogue' | 'orders' | 'payments' | 'ledger';

export async function get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return read(
    await fetch(path, { headers: { accept: 'application/json', ...inLanguage() }, ...(signal && { signal }) }),
  );
}

/** Asks a service to do something. The same key does it once, however often it is sent. */
export async function command<Answer>(service: Service, path: string, body: unknown, key: string): Promise<Answer> {
  return read(
    await fetch(`/api/commands/${service}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pasindo': '1', 'idempotency-key': key, ...inLanguage() },
      body: JSON.stringify(body ?? {}),
    }),
  );
}

export async function signOut(): Promise<void> {
  await fetch('/auth/logout', { method: 'POST', headers: { 'x-pasindo': '1' } });
}

/** A file of a service, exactly what is asked. */
export function exportAddress(service: Service, path: string, parameters: Record<string, string | undefined>): string {
  const set = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `/api/exports/${service}/${path}?${new URLSearchParams(set)}`;
}

/** A list as CSV: all that these parameters of its screen find. */
export function listAddress(name: string, parameters: Record<string, string | undefined>): string {
  const set = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `/api/lists/${name}?${new URLSearchParams(set)}`;
}

/** Services say what is wrong with a field in the reader's language. */
function inLanguage() {
  return { 'accept-language': document.documentElement.lang };
}

async function read<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = parsed(text);
  if (response.ok) return body as Answer;
  throw new Refused({ ...(body as object), status: response.status } as Problem);
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return {}; // something between us and the server answered in its own words
  }
}
