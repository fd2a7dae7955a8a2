/** What becomes known of goods that are sold already. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedFetch } from '../kit/sign-in.ts';
import { FACILITIES, filesOf, lateSkuOf } from './goods.ts';
import type { System } from './system.ts';

const ANSWER_DEADLINE_MS = 10_000;
const RETRY_DELAY_MS = 200;

/** Records the goods of a round that nobody has known until now; until it is done. Done again it changes nothing. */
export async function recordLate(system: System, round: string): Promise<void> {
  const files = filesOf(FACILITIES.map((facilityId) => lateSkuOf(facilityId, round)));
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  for (;;) {
    const response = await signedFetch(`${system.instances('catalogue')[0]?.address}/v1/imports`, {
      ...{ method: 'POST', headers, body: JSON.stringify({ files, dryRun: false }) },
      signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
    }).catch(() => undefined);
    const answer = await response?.text().catch(() => undefined);
    if (response?.ok && answer !== undefined) return;
    if (response && response.status < 500) throw new Error(`the catalogue refused what came late: ${answer}`);
    await sleep(RETRY_DELAY_MS);
  }
}
