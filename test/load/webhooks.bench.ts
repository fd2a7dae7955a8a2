/** Checkouts as a marketplace signs and sends them: how long each is waited for until it is kept, and how many are taken. */
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventOf, sign } from '../../clients/marketplace/index.js';
import { temporaryDirectory } from '../../deploy/local/processes.ts';
import { checkoutOf, loadCatalogue } from './goods.ts';
import { quantiles } from './latency.ts';
import { markdown } from './report.ts';
import { startSubject, THIS_CHECKOUT } from './subject.ts';
import { Timeline } from './timeline.ts';

const SECRET = 'a-secret-of-the-benchmark-alone-of-no-use-to-anybody';
const WARM_UP_PER_SECOND = 100;
const PACES = [100, 500];
const WARM_UP_SECONDS = 10;
const SECONDS = 20;
const TICK_MS = 10;
const LOOK_INTERVAL_MS = 100;

/** Markdown: at each pace milliseconds until the answer, and how many were answered and credited a second. */
export async function measureWebhooks(log: (line: string) => void): Promise<string> {
  process.env.WEBHOOK_SECRETS = temporaryDirectory();
  writeFileSync(join(process.env.WEBHOOK_SECRETS, 'blanja'), SECRET);
  process.env.RATE_MARKETPLACES_PER_SECOND = '1000000';
  const subject = await startSubject(THIS_CHECKOUT, log);
  const timeline = new Timeline(subject);
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const url = new URL('/v1/webhooks/blanja', subject.addresses.orders);
  let sent = 0;

  const send = (): Promise<number> => {
    const { data } = checkoutOf(sent++);
    const body = JSON.stringify(eventOf('marketplace.checkout-completed.v1', data));
    const headers = { 'content-type': 'application/cloudevents+json', 'pasindo-signature': sign(body, SECRET) };
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(url, { method: 'POST', agent, headers }, (response) => {
        response.resume().once('end', () => {
          if (response.statusCode === 202) resolve(performance.now() - startedAt);
          else reject(new Error(`a webhook was answered ${response.statusCode}`));
        });
      });
      asked.once('error', reject).end(body);
    });
  };

  const atPace = async (perSecond: number, seconds: number) => {
    const [startedAt, first, credited] = [performance.now(), sent, await timeline.credited()];
    const answers: Promise<number>[] = [];
    for (let past = 0; past < seconds; past = (performance.now() - startedAt) / 1000) {
      const due = Math.floor(past * perSecond) + 1 - (sent - first);
      for (let each = 0; each < due; each += 1) answers.push(send());
      await sleep(TICK_MS);
    }
    const waited = quantiles(await Promise.all(answers));
    const took = (performance.now() - startedAt) / 1000;
    const creditedPerSecond = ((await timeline.credited()) - credited) / took;
    while ((await timeline.credited()) < sent) await sleep(LOOK_INTERVAL_MS);
    log(`  at ${perSecond}/s: p50 ${waited.p50.toFixed(0)} ms, p99 ${waited.p99.toFixed(0)} ms`);
    return [
      String(perSecond),
      [waited.p50, waited.p90, waited.p99].map((ms) => ms.toFixed(0)).join(' / '),
      (answers.length / took).toFixed(0),
      creditedPerSecond.toFixed(0),
    ];
  };

  try {
    await timeline.connect();
    await loadCatalogue(subject.addresses.catalogue);
    await atPace(WARM_UP_PER_SECOND, WARM_UP_SECONDS);
    const rows: string[][] = [];
    for (const pace of PACES) rows.push(await atPace(pace, SECONDS));
    return markdown([
      ['sent a second', 'ms until it is answered, p50 / p90 / p99', 'answered a second', 'credited a second meanwhile'],
      ...rows,
    ]);
  } finally {
    agent.destroy();
    await timeline.close();
    await subject.stop();
  }
}
