/** One round: traffic, a fault in the middle of it, and when all has settled, what is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkout, orderIdOf } from '#libs/contracts';
import { configuredKafka, KafkaBroker, toMessage } from '#libs/messaging/kafka';
import { SERVICES } from '../../deploy/local/services.ts';
import type { Expected } from './expected.ts';
import type { Fault } from './faults.ts';
import { FACILITIES, skuOf } from './goods.ts';
import { examine, underWay, type Verdict } from './invariants.ts';
import { recordLate } from './late.ts';
import { type Random, randomOf } from './random.ts';
import type { SalesLog } from './sales-log.ts';
import { rowsOf, type System } from './system.ts';
import { completedOf, type Marketplace, type Traffic } from './traffic.ts';

const RECOVERY_DEADLINE_MS = 60_000;
const SETTLING_DEADLINE_MS = 60_000;
const POLL_INTERVAL_MS = 50;

export interface Round extends Verdict {
  readonly fault: string;
  /** Checkouts that the broker acknowledged. */
  readonly checkouts: number;
  /** Messages that somebody else's client sent, checkouts among them. */
  readonly foreign: number;
  /** Events that came to a consumer again and were left out. */
  readonly duplicates: number;
  /** Transactions that the database ended because they waited in a circle; they are tried again. */
  readonly deadlocks: number;
  /** From process, broker, database or connection being back, until orders of every facility are credited again. */
  readonly recoveryMs: number;
  /** The same from the moment of the fault. */
  readonly outageMs: number;
}

export interface Stage {
  readonly system: System;
  readonly marketplace: Marketplace;
  readonly salesLog: SalesLog;
  readonly ordersPerSecond: number;
}

/**
 * @param seed of this round: its orders, its fault's choices and its moments follow from it
 * @param settles whether channels pay out meanwhile, and buyers dispute
 */
export async function runRound(
  stage: Stage,
  fault: Fault,
  round: string,
  seed: number,
  settles = true,
): Promise<Round> {
  const { system, marketplace, salesLog, ordersPerSecond } = stage;
  const random = randomOf(seed);
  await fault.prepare?.({ system, random });
  const duplicatesBefore = await duplicatesOf(system);
  const deadlocksBefore = await deadlocksOf(system);
  const demand = { ordersPerSecond, settles, disputes: settles && fault.disputes !== false };
  const traffic = marketplace.open(round, random.whole(0, 2 ** 31), demand);
  const middle = middleOf(system, fault, round, traffic, random);
  const { flows, recoveryMs, outageMs, unrecorded } = await middle.finally(traffic.pause); // else it runs on into the next rounds

  let remaining = await traffic.pause();
  const settled =
    remaining === undefined &&
    (await until(async () => {
      remaining = await underWay(system, round, traffic.expected);
      return remaining === undefined;
    }, SETTLING_DEADLINE_MS));
  const verdict = await examine(system, round, traffic.expected).catch(notExamined);
  const disorder = await salesLog.disorder(round);
  const more = (settled && (await fault.judge?.({ system, random }))) || [];
  const duplicates = Math.max((await duplicatesOf(system)) - duplicatesBefore, 0); // who is exchanged takes its count with it
  const deadlocks = Math.max((await deadlocksOf(system)) - deadlocksBefore, 0); // a crash forgets them
  const unready = await Promise.all(SERVICES.map((service) => system.scale(service, 1))).then(
    () => [],
    (error: Error) => [error.message],
  );
  return {
    ...verdict,
    violations: [
      ...unrecorded,
      ...(settled ? [] : [`not settled ${SETTLING_DEADLINE_MS / 1_000} s after the last order: ${remaining}`]),
      ...(flows ? [] : ['nothing flows again']),
      ...verdict.violations,
      ...disorder,
      ...more,
      ...unready,
    ],
    fault: fault.name,
    checkouts: traffic.expected.checkouts.size,
    foreign: traffic.foreign,
    duplicates,
    deadlocks,
    recoveryMs,
    outageMs,
  };
}

interface Middle extends Pick<Round, 'recoveryMs' | 'outageMs'> {
  /** Whether it did so in time. */
  readonly flows: boolean;
  /** Why goods are not recorded that should be. */
  readonly unrecorded: readonly string[];
}

/** The fault, in the middle of the traffic, until everything flows again. */
async function middleOf(
  system: System,
  fault: Fault,
  round: string,
  traffic: Traffic,
  random: Random,
): Promise<Middle> {
  await sleep(random.whole(300, 1_500));
  const known = recordLate(system, round); // what was sold before is cleared while the fault is
  const injected = performance.now();
  const end = await fault.inject({ system, random });
  const [least, most] = fault.lastsMs;
  await sleep(random.whole(least, most));
  await end();
  const ended = performance.now();
  const flows = await flowsAgain(system, round, traffic.expected);
  const recoveryMs = performance.now() - ended;
  const outageMs = performance.now() - injected;
  const unrecorded = await known;
  if (fault.forgets) {
    if (unrecorded.length === 0) unrecorded.push(...(await recordLate(system, round)));
    traffic.reportAgain();
  }
  await sleep(random.whole(100, 500));
  return { flows, recoveryMs, outageMs, unrecorded };
}

/** Of a system that does not answer any more: a service may have refused to go on, and then says why in its log. */
function notExamined(error: Error): Verdict {
  return {
    sales: 0,
    lost: 0,
    double: 0,
    wrong: 0,
    violations: [`nobody could be asked what became of it: ${error.message}`],
  };
}

/** Sends an order to every facility, so over every partition at least likely, and waits until all are in the books. False: in vain. */
async function flowsAgain(system: System, round: string, expected: Expected): Promise<boolean> {
  const probes = FACILITIES.map(
    (facilityId, index): Checkout => ({
      channel: 'blanja',
      orderRef: `${round}-probe-${index}`,
      placedAt: '2026-01-05T10:00:00+07:00',
      lines: [{ lineRef: '1', sku: skuOf(facilityId), quantity: 1, unitPrice: 50_000 }],
    }),
  );
  const publisher = new KafkaBroker('probe', configuredKafka(system.kafka.as('mp-blanja'))).publisher();
  const events = probes.map(completedOf);
  await until(
    () =>
      publisher.publish(events.map(toMessage)).then(
        () => true,
        () => false,
      ),
    RECOVERY_DEADLINE_MS,
  );
  await publisher.close();
  for (const probe of probes) expected.addCheckout(probe);
  return until(async () => {
    const [row] = await rowsOf<{ credited: string }>(
      system.databaseUrls.orders,
      `SELECT count(*) AS credited FROM order_process WHERE order_id = ANY ($1) AND status = 'credited'`,
      [probes.map(orderIdOf)],
    );
    return row?.credited === `${probes.length}`;
  }, RECOVERY_DEADLINE_MS);
}

/** Whether it came true in time. What cannot be looked at yet is not true yet. */
async function until(isTrue: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (performance.now() < deadline) {
    if (await isTrue().catch(() => false)) return true;
    await sleep(POLL_INTERVAL_MS);
  }
  return false;
}

async function duplicatesOf(system: System): Promise<number> {
  const instances = SERVICES.flatMap((service) => system.instances(service));
  const counts = await Promise.all(instances.map((instance) => instance.duplicates()));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function deadlocksOf(system: System): Promise<number> {
  const [row] = await rowsOf<{ deadlocks: string }>(
    system.databaseUrls.orders,
    'SELECT sum(deadlocks) AS deadlocks FROM pg_stat_database',
  );
  return Number(row?.deadlocks);
}
