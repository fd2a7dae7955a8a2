import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { derivedKey, type Key } from './keys.ts';

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NO_HEADER = Buffer.alloc(0);

/**
 * Seals bytes (AES-256-GCM) so that they can be read by whoever has the key alone, and changed by nobody. A sealed
 * value is: version of this form, number of the key, nonce, ciphertext, tag; never the same twice.
 *
 * What a value is about (the pseudonym of a person, the place of a message) is not in it, but must be said again to
 * open it: so a value cannot be put in another's place.
 */
export class Sealer {
  readonly #current: number;
  readonly #keys: ReadonlyMap<number, Buffer>;

  /** `keys`: the first seals, all open. `purpose`: what is sealed for one cannot be opened for another. */
  constructor(keys: readonly [Key, ...Key[]], purpose: string) {
    this.#current = keys[0].number;
    this.#keys = new Map(keys.map((key) => [key.number, derivedKey(key, purpose)]));
  }

  seal(bytes: Uint8Array, about: string): Buffer {
    const header = Buffer.from([VERSION, this.#current]);
    const nonce = randomBytes(NONCE_BYTES);
    // biome-ignore lint/style/noNonNullAssertion: the constructor has put it there
    const cipher = createCipheriv(CIPHER, this.#keys.get(this.#current)!, nonce).setAAD(associated(header, about));
    return Buffer.concat([header, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws if a bit was changed, if it was sealed about something else, or under a key that we do not have. */
  open(sealed: Buffer, about: string): Buffer {
    const header = sealed.subarray(0, 2);
    const key = this.#keys.get(header[1] ?? 0);
    const opened =
      (header[0] === VERSION && key && opens(key, header, sealed.subarray(2), about)) || this.#openOld(sealed, about);
    if (!opened)
      throw new Error(`not to be opened: changed, of something else, or under a key other than ${this.#list}`);
    return opened;
  }

  /** Whether the current key has sealed it. */
  isCurrent(sealed: Buffer): boolean {
    return sealed[0] === VERSION && sealed[1] === this.#current;
  }

  /** Before there were numbers there was no header either. */
  #openOld(sealed: Buffer, about: string): Buffer | undefined {
    for (const key of this.#keys.values()) {
      const opened = opens(key, NO_HEADER, sealed, about);
      if (opened) return opened;
    }
    return undefined;
  }

  get #list(): string {
    return [...this.#keys.keys()].join(', ');
  }
}

function opens(key: Buffer, header: Buffer, rest: Buffer, about: string): Buffer | undefined {
  if (rest.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, rest.subarray(0, NONCE_BYTES))
    .setAAD(associated(header, about))
    .setAuthTag(rest.subarray(-TAG_BYTES));
  const text = decipher.update(rest.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return undefined;
  }
}

function associated(header: Buffer, about: string): Buffer {
  return Buffer.concat([header, Buffer.from(about)]);
}
