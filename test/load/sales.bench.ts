/** Checkouts as a marketplace sends them, through every service, until the ledger tells that the sale is credited. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cost, costASale, costOf } from './cost.ts';
import { loadCatalogue, Marketplace } from './goods.ts';
import { type Latency, latencyOf } from './latency.ts';
import { startSubject } from './subject.ts';
import { Timeline } from './timeline.ts';

const WARM_UP_SECONDS = 15;
const FULL_LOAD_SECONDS = 60;
const PACED_SECONDS = 20;
const PACES = [20, 100];
/** Enough to keep every service busy, few enough to stay a queue of seconds. */
const IN_FLIGHT_MAX = 4_000;
const PUBLISH_BATCH = 500;
const TICK_MS = 10;
const LOOK_INTERVAL_MS = 100;
/** A sale that takes longer than this is lost. */
const PATIENCE_MS = 120_000;

export interface SalesFigures {
  readonly salesPerSecond: number;
  readonly costASale: Cost;
  /** By checkouts a second; the last pace is half of the capacity. */
  readonly latencies: readonly { readonly perSecond: number; readonly latency: Latency; readonly costASale: Cost }[];
}

/** @param checkoutDirectory of the version that is measured */
export async function measureSales(checkoutDirectory: string, log: (line: string) => void): Promise<SalesFigures> {
  const subject = await startSubject(checkoutDirectory, log);
  const timeline = new Timeline(subject);
  const marketplace = new Marketplace(subject);

  const untilAllCredited = async (): Promise<void> => {
    const deadline = Date.now() + PATIENCE_MS;
    while ((await timeline.credited()) < marketplace.sent) {
      if (Date.now() > deadline)
        throw new Error(`${marketplace.sent - (await timeline.credited())} checkouts are not credited`);
      await sleep(LOOK_INTERVAL_MS);
    }
  };

  const atFullLoad = async (seconds: number) => {
    const [costBefore, creditedBefore, startedAt] = [
      await costOf(subject),
      await timeline.credited(),
      performance.now(),
    ];
    const endsAt = startedAt + seconds * 1000;
    for (let look = 0, credited = creditedBefore; performance.now() < endsAt; ) {
      if (marketplace.sent - credited < IN_FLIGHT_MAX) await marketplace.publish(PUBLISH_BATCH);
      else await sleep(TICK_MS);
      if (performance.now() - look < LOOK_INTERVAL_MS) continue;
      look = performance.now();
      credited = await timeline.credited();
    }
    const done = (await timeline.credited()) - creditedBefore;
    const elapsed = (performance.now() - startedAt) / 1000;
    const cost = costASale(costBefore, await costOf(subject), done);
    await untilAllCredited();
    return { perSecond: done / elapsed, cost };
  };

  const atPace = async (perSecond: number) => {
    const [from, costBefore, startedAt, first] = [
      await timeline.ends(),
      await costOf(subject),
      performance.now(),
      marketplace.sent,
    ];
    for (let seconds = 0; seconds < PACED_SECONDS; seconds = (performance.now() - startedAt) / 1000) {
      const due = Math.floor(seconds * perSecond) + 1 - (marketplace.sent - first);
      if (due > 0) await marketplace.publish(due);
      await sleep(TICK_MS);
    }
    await untilAllCredited();
    const cost = costASale(costBefore, await costOf(subject), marketplace.sent - first);
    const moments = await timeline.moments(from, await timeline.ends());
    return { perSecond, latency: latencyOf(moments.values()), costASale: cost };
  };

  try {
    await timeline.connect();
    await loadCatalogue(subject.addresses.catalogue);
    await atFullLoad(WARM_UP_SECONDS);
    const latencies = [];
    for (const pace of PACES) {
      const figures = await atPace(pace);
      latencies.push(figures);
      log(`  at ${pace}/s: p50 ${figures.latency.p50} ms, p99 ${figures.latency.p99} ms`);
    }
    const full = await atFullLoad(FULL_LOAD_SECONDS);
    log(`  full load: ${full.perSecond.toFixed(0)} sales/s`);
    const half = await atPace(Math.round(full.perSecond / 2));
    log(`  at ${half.perSecond}/s, half of it: p50 ${half.latency.p50} ms, p99 ${half.latency.p99} ms`);
    return { salesPerSecond: full.perSecond, costASale: full.cost, latencies: [...latencies, half] };
  } finally {
    await marketplace.close();
    await timeline.close();
    await subject.stop();
  }
}
