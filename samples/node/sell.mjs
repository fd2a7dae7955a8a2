// A checkout and a refund by signed webhook, and what became of them:
//   TOKEN=$(npm run --silent token -- mp-blanja) node samples/node/sell.mjs [ORDER]
// Environment: PASINDO_URL, CHANNEL, WEBHOOK_SECRET_FILE, SKU; TOKEN asks for outcomes.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventOf, outcomes, send } from '@pasindo/marketplace';

const {
  PASINDO_URL: url = 'http://127.0.0.1:3002',
  CHANNEL: channel = 'blanja',
  SKU: sku = 'MJK-TAS-KULIT',
} = process.env;
const {
  WEBHOOK_SECRET_FILE: file = `.pasindo/webhooks/${channel}`,
  TOKEN: token = '',
  AFTER: begin = '0',
} = process.env;
const [secret] = readFileSync(file, 'utf8').split('\n');
const orderRef = process.argv[2] ?? `NODE-${Date.now()}`;
const now = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`; // the same all day, so that the same order again is the same

// An id that follows from what is said makes a repetition a repetition, also after a restart.
const checkout = eventOf(
  'marketplace.checkout-completed.v1',
  { channel, orderRef, placedAt: now, lines: [{ lineRef: '1', sku, quantity: 2, unitPrice: 150_000 }], fees: 15_000 },
  { id: `${orderRef}-checkout` },
);
const refund = eventOf(
  'marketplace.checkout-refunded.v1',
  { channel, orderRef, lineRef: '1', refundRef: 'R-1', quantity: 1, requestedAt: now },
  { id: `${orderRef}-refund` },
);
for (const event of [checkout, refund]) console.log(await send(event, { url, secret }));

for (let position = Number(begin), tries = 0; ; tries += 1) {
  for await (const { outcome, after } of outcomes({ url, channel, token, after: position })) {
    position = after; // keep it where it survives a restart
    if (outcome.data.orderRef !== orderRef) continue;
    console.log(JSON.stringify(outcome.data));
    if (outcome.data.status === 'partly-refunded') process.exit();
  }
  if (tries === 60) throw new Error(`nothing became of ${channel}/${orderRef}`);
  await sleep(500);
}
