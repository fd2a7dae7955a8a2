/** The sandbox gateway: what it says about an order depends on the order alone, not on when or how often it is asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { signedFetch } from '../kit/sign-in.ts';
import { type Random, randomOf } from './random.ts';
import { rowsOf, type System } from './system.ts';

const INTERVAL_MS = 300;
/** How long a buyer who does not pay at once keeps his goods held, ms. */
const LATE_MS = [1_500, 3_000] as const;

type Notice = 'capture' | 'fail' | 'expire';

/** What counts is what it says first; now and then it repeats and contradicts itself. */
export function noticesOf(orderId: string): readonly [Notice, ...Notice[]] {
  const random = randomOf(hashOf(orderId));
  const first: Notice = random.chance(0.9) ? 'capture' : random.pick(['fail', 'expire']);
  const again: Notice[] = random.chance(0.1) ? [first] : [];
  return random.chance(0.05) ? [first, ...again, 'capture'] : [first, ...again];
}

/** Answers what is pending, now and then late, and pays refunds out. */
export function runGateway(system: System): { stop(): Promise<void> } {
  let stopping = false;
  const lateUntil = new Map<string, number>();
  const isLate = (orderId: string): boolean => {
    const random: Random = randomOf(hashOf(orderId) + 1);
    const until = lateUntil.get(orderId) ?? performance.now() + (random.chance(0.3) ? random.whole(...LATE_MS) : 0);
    lateUntil.set(orderId, until);
    return performance.now() < until;
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      const pending = await rowsOf<{ order_id: string; what: 'payment' | 'refund' }>(
        system.databaseUrls.payments,
        `SELECT order_id, 'payment' AS what FROM payment WHERE status = 'pending'
         UNION SELECT order_id, 'refund' FROM refund WHERE status = 'pending' LIMIT 300`,
      ).catch(() => []);
      const due = pending.filter(({ order_id, what }) => what === 'refund' || !isLate(order_id));
      await Promise.all(
        due.map(({ order_id, what }) => say(order_id, what === 'refund' ? [what] : noticesOf(order_id))),
      );
      await sleep(INTERVAL_MS);
    }
  };
  /** What is not heard is said no further: it is asked again for what is still pending. */
  const say = async (orderId: string, notices: readonly (Notice | 'refund')[]): Promise<void> => {
    for (const notice of notices) if (!(await isHeard(orderId, notice))) return;
  };
  const isHeard = (orderId: string, notice: string): Promise<boolean> => {
    const [instance] = system.instances('payments');
    const [channel, orderRef = ''] = orderId.split('/');
    const path = `v1/sandbox/payments/${channel}/${encodeURIComponent(orderRef)}/${notice}`;
    return signedFetch(`${instance?.address}/${path}`, { method: 'POST', signal: AbortSignal.timeout(5_000) }).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
  };
  const stopped = run();
  return {
    stop: () => {
      stopping = true;
      return stopped;
    },
  };
}

function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7);
}
