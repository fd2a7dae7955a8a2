import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const SIGNATURE_SECONDS_MAX = 300;
const ATTEMPTS_MAX = 6;
const REQUEST_MS_MAX = 30_000;
const PAGE_ITEMS = 500;

export class PasindoError extends Error {
  constructor(message, status, problem) {
    super(message);
    this.name = 'PasindoError';
    this.status = status;
    this.problem = problem;
  }
}

export function eventOf(type, data, { id = randomUUID(), source = `/${data.channel}`, time = new Date() } = {}) {
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject: orderIdOf(data),
    time: time.toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}

export function sign(body, secret, now = new Date()) {
  const seconds = String(Math.floor(now.getTime() / 1_000));
  const secrets = typeof secret === 'string' ? [secret] : secret;
  return [`t=${seconds}`, ...secrets.map((one) => `v1=${digestOf(one, seconds, body).toString('hex')}`)].join(',');
}

export function verify(body, signature, secret, now = new Date()) {
  const fields = String(signature ?? '')
    .split(',')
    .map((field) => field.trim().split('='));
  const times = fields.filter(([name]) => name === 't').map(([, value = '']) => value);
  const [seconds = ''] = times;
  if (times.length !== 1 || !/^\d{1,12}$/.test(seconds)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(seconds)) > SIGNATURE_SECONDS_MAX) return false;
  const secrets = typeof secret === 'string' ? [secret] : secret;
  return fields.some(
    ([name, value = '']) =>
      name === 'v1' &&
      /^[\da-f]{64}$/i.test(value) &&
      secrets.some((one) => timingSafeEqual(Buffer.from(value, 'hex'), digestOf(one, seconds, body))),
  );
}

export function received(body, signature, secret, now = new Date()) {
  if (!verify(body, signature, secret, now)) throw new PasindoError('the signature is not of this body', 401);
  return JSON.parse(Buffer.from(body).toString());
}

export async function send(event, { url, secret, channel = event.data.channel, ...more }) {
  const body = JSON.stringify(event);
  return attempt(more, () =>
    fetch(new URL(`/v1/webhooks/${encodeURIComponent(channel)}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', 'pasindo-signature': sign(body, secret) },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    }),
  );
}

export async function* outcomes({ url, channel, token, after = 0, ...more }) {
  let position = after;
  for (;;) {
    const asked = new URL('/v1/outcomes', url);
    asked.search = String(new URLSearchParams({ channel, after: String(position), limit: String(PAGE_ITEMS) }));
    const page = await attempt(more, async () =>
      fetch(asked, {
        headers: { authorization: `Bearer ${typeof token === 'function' ? await token() : token}` },
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
      }),
    );
    position = page.after;
    for (const outcome of page.items) yield { outcome, after: outcome.position };
    if (page.items.length < PAGE_ITEMS) return;
  }
}

export function toKafka(event) {
  const { data, ...attributes } = event;
  return {
    topic: `checkout.${data.channel}.v1`,
    key: orderIdOf(data),
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(
        Object.entries(attributes)
          .filter(([name]) => name !== 'datacontenttype')
          .map(([name, value]) => [`ce_${name}`, String(value)]),
      ),
    },
    value: JSON.stringify(data),
  };
}

async function attempt({ attempts = ATTEMPTS_MAX, firstWaitMs = 500 }, ask) {
  for (let tries = 1; ; tries += 1) {
    const isLast = tries >= attempts;
    let waitMs = firstWaitMs * 2 ** (tries - 1);
    try {
      const response = await ask();
      const answer = await response.json().catch(() => undefined);
      if (response.ok) return answer;
      const isPassing = response.status === 429 || response.status >= 500;
      if (isLast || !isPassing) {
        const why = answer?.errors?.map(({ field, message }) => `${field}: ${message}`).join('; ') ?? answer?.title;
        throw new PasindoError(`${response.status} ${why ?? ''}`.trim(), response.status, answer);
      }
      waitMs = Math.max(waitMs, 1_000 * Number(response.headers.get('retry-after') ?? 0));
    } catch (error) {
      if (isLast || error instanceof PasindoError) throw error;
    }
    await sleep(waitMs);
  }
}

function orderIdOf({ channel, orderRef }) {
  return `${channel}/${orderRef}`;
}

function digestOf(secret, seconds, body) {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}
