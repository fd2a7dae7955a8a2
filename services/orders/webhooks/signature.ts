import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RefusalCode } from '#libs/contracts';

/** `Pasindo-Signature: t=1767580200,v1=5257a8…`: when it was signed, and HMAC-SHA256 of `{t}.{body}`; v1 once for each secret. */
export const SIGNATURE_HEADER = 'pasindo-signature';

const SECONDS_MAX = 300;

export function signatureOf(body: Buffer, secrets: readonly string[], now: Date): string {
  const seconds = String(Math.floor(now.getTime() / 1_000));
  return [`t=${seconds}`, ...secrets.map((secret) => `v1=${digestOf(secret, seconds, body).toString('hex')}`)].join(
    ',',
  );
}

/** What is wrong with a signature; undefined: nothing. Only of one that is right it is told that it is late. */
export function faultOfSignature(
  header: string,
  body: Buffer,
  secrets: readonly string[],
  now: Date,
): Extract<RefusalCode, 'bad-signature' | 'stale-signature'> | undefined {
  const fields = header.split(',').map((field) => field.trim().split('='));
  const [seconds, ...others] = fields.flatMap(([name, value = '']) => (name === 't' ? [value] : []));
  if (seconds === undefined || others.length > 0 || !/^\d{1,12}$/.test(seconds)) return 'bad-signature';
  const given = fields.flatMap(([name, value = '']) =>
    name === 'v1' && /^[\da-f]{64}$/i.test(value) ? [Buffer.from(value, 'hex')] : [],
  );
  const isRight = secrets.some((secret) => {
    const expected = digestOf(secret, seconds, body);
    return given.some((one) => timingSafeEqual(one, expected));
  });
  if (!isRight) return 'bad-signature';
  return Math.abs(now.getTime() / 1_000 - Number(seconds)) > SECONDS_MAX ? 'stale-signature' : undefined;
}

function digestOf(secret: string, seconds: string, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}
