/** How much memory the services take while a million checkouts wait for them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import { loadCatalogue, Marketplace } from './goods.ts';
import { residentMiB } from './memory.ts';
import { markdown } from './report.ts';
import { startSubject, THIS_CHECKOUT } from './subject.ts';
import { Timeline } from './timeline.ts';

const WAITING = 1_000_000;
const PUBLISH_BATCH = 1_000;
const CALM_SECONDS = 20;
const CALM_PER_SECOND = 100;
/** Memory that grows with what waits is larger in each than in the one before. */
const WATCHED_SECONDS = [60, 60, 60];
const LOOK_INTERVAL_MS = 500;

/** Markdown: resident memory of each service at a calm pace, and its most while it works at a million behind. */
export async function measureBehind(log: (line: string) => void): Promise<string> {
  const subject = await startSubject(THIS_CHECKOUT, log);
  const timeline = new Timeline(subject);
  const marketplace = new Marketplace(subject);

  const mostMiB = async (seconds: number, meanwhile: () => Promise<void>): Promise<Record<Service, number>> => {
    const most = Object.fromEntries(SERVICES.map((service) => [service, 0])) as Record<Service, number>;
    const endsAt = performance.now() + seconds * 1000;
    while (performance.now() < endsAt) {
      await meanwhile();
      for (const service of SERVICES) most[service] = Math.max(most[service], residentMiB(subject.processes[service]));
    }
    return most;
  };

  try {
    await timeline.connect();
    await loadCatalogue(subject.addresses.catalogue);
    const calm = await mostMiB(CALM_SECONDS, async () => {
      await marketplace.publish((CALM_PER_SECOND * LOOK_INTERVAL_MS) / 1000);
      await sleep(LOOK_INTERVAL_MS);
    });
    process.kill(subject.processes.orders, 'SIGSTOP');
    try {
      while (marketplace.sent < WAITING) await marketplace.publish(PUBLISH_BATCH);
    } finally {
      process.kill(subject.processes.orders, 'SIGCONT');
    }
    log(`  ${marketplace.sent} checkouts wait`);
    const before = await timeline.credited();
    const behind: Record<Service, number>[] = [];
    for (const seconds of WATCHED_SECONDS) behind.push(await mostMiB(seconds, () => sleep(LOOK_INTERVAL_MS)));
    const credited = (await timeline.credited()) - before;
    if (credited === 0) throw new Error('nothing was credited meanwhile');
    return markdown([
      [
        'resident MiB, at most',
        `at ${CALM_PER_SECOND}/s`,
        ...WATCHED_SECONDS.map((seconds, index) => `${WAITING} waiting, ${seconds} s: ${index + 1}`),
      ],
      ...SERVICES.map((service) => [service, ...[calm, ...behind].map((most) => most[service].toFixed(0))]),
      ['credited meanwhile', '', ...WATCHED_SECONDS.slice(1).map(() => ''), String(credited)],
    ]);
  } finally {
    await marketplace.close();
    await timeline.close();
    await subject.stop();
  }
}
