import { hkdfSync } from 'node:crypto';
import { setting } from '#libs/environment';

export const KEY_BYTES = 32;
const NUMBER_MAX = 255;

/** A secret of an operator, by its number: what was sealed says under which it was. */
export interface Key {
  readonly number: number;
  readonly secret: Buffer;
}

/**
 * The keys of an environment variable, or of the file that `{variable}_FILE` names: `2:BASE64,1:BASE64`, 32 random
 * bytes each. The first is current, the others only open what was sealed before it. One without a number is number 1.
 */
export function configuredKeys(variable: string): [Key, ...Key[]] {
  const configured = setting(variable);
  if (!configured) {
    throw new Error(`${variable} is not set, nor ${variable}_FILE: 1:KEY, 32 random bytes (openssl rand -base64 32)`);
  }
  const keys = configured.trim().split(',').map(keyOf);
  const numbers = new Set(keys.map((key) => key?.number));
  if (numbers.has(undefined) || numbers.size < keys.length) {
    throw new Error(
      `${variable} must hold keys as NUMBER:KEY, comma separated, the current one first: ` +
        `numbers from 1 to ${NUMBER_MAX}, each once; keys of ${KEY_BYTES} random bytes in base64`,
    );
  }
  return keys as [Key, ...Key[]];
}

function keyOf(text: string): Key | undefined {
  const [, number = '1', base64 = ''] = /^(?:(\d{1,3}):)?([A-Za-z\d+/]+=*)$/.exec(text.trim()) ?? [];
  const key = { number: Number(number), secret: Buffer.from(base64, 'base64') };
  return key.secret.length === KEY_BYTES && key.number >= 1 && key.number <= NUMBER_MAX ? key : undefined;
}

/** A key for one purpose: who learns it knows no other. */
export function derivedKey({ secret }: Key, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES));
}
