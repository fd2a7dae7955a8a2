/** What becomes known of goods that are sold already. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedFetch } from '../kit/sign-in.ts';
import { FACILITIES, filesOf, lateSkuOf } from './goods.ts';
import type { System } from './system.ts';

const ANSWER_DEADLINE_MS = 10_000;
const RETRY_DELAY_MS = 200;
/** Longer than any fault keeps the catalogue from it. */
const DEADLINE_MS = 90_000;

/**
 * Records the goods of a round that nobody has known until now; until it is done. Done again it changes nothing.
 * @returns why it could not be done
 */
export async function recordLate(system: System, round: string): Promise<string[]> {
  const files = filesOf(FACILITIES.map((facilityId) => lateSkuOf(facilityId, round)));
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const deadline = performance.now() + DEADLINE_MS;
  let said = 'nothing';
  while (performance.now() < deadline) {
    const response = await signedFetch(`${system.instances('catalogue')[0]?.address}/v1/imports`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ files, dryRun: false }) },
      signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
    }).catch((error: Error) => error);
    if (response instanceof Response) {
      const answer = await response.text().catch(() => undefined);
      if (response.ok && answer !== undefined) return [];
      said = `${response.status} ${answer}`;
      if (response.status < 500) return [`the catalogue refused what came late: ${said}`];
    } else said = `${response}`;
    await sleep(RETRY_DELAY_MS);
  }
  return [`the catalogue has not taken what came late in ${DEADLINE_MS / 1_000} s, and says at last: ${said}`];
}
