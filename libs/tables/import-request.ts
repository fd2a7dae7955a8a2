import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_INTERVAL_MS = 1_000;
/** A service that restarts is back long before. */
const ATTEMPTS_MAX = 30;

/** What makes it pointless to go on with an import, in words for the person at the keyboard. */
export class ImportStopped extends Error {}

/**
 * Asks the service that a file is imported into, again while it is away or busy. What is asked may come to it twice.
 * @param service its name, as words begin with it
 * @param authorization the header that says who imports; asked for with each request, since a token does not live long
 * @returns the answer, from JSON
 * @throws ImportStopped if it refuses, or does not come back
 */
export async function askPatiently<Answer>(
  service: string,
  url: string,
  authorization: () => Promise<string>,
  init: RequestInit & { headers?: Record<string, string> },
): Promise<Answer> {
  let problem = '';
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 1) await sleep(RETRY_INTERVAL_MS);
    try {
      const headers = { ...init.headers, authorization: await authorization() };
      const response = await fetch(url, { ...init, headers });
      if (response.ok) return (await response.json()) as Answer;
      problem = await response.text();
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      problem = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
    }
  }
  throw new ImportStopped(`${service} does not take it (${url}): ${problem}`);
}
