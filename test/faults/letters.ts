/** Dead letters as operators deal with them: over HTTP, page by page. */
import type { Service } from '../../deploy/local/services.ts';
import type { Place } from '../kit/foreign-producer.ts';
import { signedFetch } from '../kit/sign-in.ts';
import type { System } from './system.ts';

const DEADLINE_MS = 30_000;
const PAGE = 100;

export interface Letter {
  readonly id: string;
  readonly cause: string;
  readonly eventId?: string;
  readonly message: Place & { readonly key: unknown };
}

/** Those that nobody has dealt with, oldest first. */
export async function lettersOf(system: System, service: Service): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (let cursor = ''; ; ) {
    const page = await ask<{ items: Letter[]; nextCursor?: string }>(system, service, `?limit=${PAGE}${cursor}`);
    letters.push(...page.items);
    if (page.nextCursor === undefined) return letters;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** Shows a letter and gives it up; what was parked behind it follows, and `stoppedAt` is where that ended. */
export async function discard(system: System, service: Service, id: string): Promise<{ stoppedAt?: unknown }> {
  await ask(system, service, `/${id}`);
  const say = (by: string): Promise<{ stoppedAt?: unknown }> =>
    ask(system, service, `/${id}/discard`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by, reason: 'injected' }),
    });
  await say('operator-1');
  return say('operator-2');
}

async function ask<Body>(system: System, service: Service, path: string, init: RequestInit = {}): Promise<Body> {
  const [instance] = system.instances(service);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const response = await signedFetch(`${instance?.address}/v1/dead-letters${path}`, { ...init, signal });
  const body = await response.json();
  if (!response.ok) throw new Error(`dead letters of ${service}${path}: ${JSON.stringify(body)}`);
  return body as Body;
}
