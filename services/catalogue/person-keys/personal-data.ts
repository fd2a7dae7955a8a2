import { createHmac, randomBytes } from 'node:crypto';
import { configuredKeys, derivedKey, type Key, Sealer } from '#libs/sealing';

/** What tells who a maker is. It leaves this service only to whoever may read names, and this process sealed only. */
export interface Identity {
  readonly registration_no: string;
  readonly name: string;
  readonly display_name: string;
}

/** An identity with the pseudonym that it belongs to, and what may be done with it. */
export interface Person extends Identity {
  readonly maker_id: string;
  readonly consent: boolean;
  readonly is_child: boolean;
}

/** What was sealed; not under the person's own key: it is of before, and has to be sealed anew. */
export interface Opened {
  readonly identity: Identity;
  readonly isUnderOwnKey: boolean;
}

/** First byte of what is sealed under a person's own key. Before there were such keys it was the sealer's, which is 1. */
const OWN_KEY = 2;
const KEY_BYTES = 32;

/**
 * Seals identities, each under a key of its own, bound to the pseudonym: without that key nothing tells who it was. The
 * keys are kept elsewhere, wrapped by PERSONAL_DATA_KEYS. What was sealed by those alone, before there was a key per
 * person, is opened too. A registration number is found again by a digest that needs PERSONAL_INDEX_KEYS.
 */
export class PersonalData {
  readonly #wraps: Sealer;
  readonly #before: Sealer;
  readonly #indexKeys: readonly Buffer[];

  constructor(keys: readonly [Key, ...Key[]], indexKeys: readonly [Key, ...Key[]]) {
    this.#wraps = new Sealer(keys, 'pasindo personal data: wrap');
    this.#before = new Sealer(keys, 'pasindo personal data: seal');
    this.#indexKeys = indexKeys.map((key) => derivedKey(key, 'pasindo personal data: registration number'));
  }

  static configured(): PersonalData {
    return new PersonalData(configuredKeys('PERSONAL_DATA_KEYS'), configuredKeys('PERSONAL_INDEX_KEYS'));
  }

  /** A new key of a person, wrapped. */
  newKey(makerId: string): Buffer {
    return this.#wraps.seal(randomBytes(KEY_BYTES), makerId);
  }

  unwrap(makerId: string, wrapped: Buffer): PersonKey {
    return new PersonKey(makerId, this.#wraps.open(wrapped, makerId));
  }

  /** The same key wrapped by the current one; undefined: it is already. */
  rewrapped(makerId: string, wrapped: Buffer): Buffer | undefined {
    return this.#wraps.isCurrent(wrapped) ? undefined : this.#wraps.seal(this.#wraps.open(wrapped, makerId), makerId);
  }

  /** @throws if a bit was changed, if it was sealed for another maker, or if the person's key is gone */
  open(makerId: string, sealed: Buffer, key: PersonKey | undefined): Opened {
    const own = key && sealed[0] === OWN_KEY ? key.opened(sealed) : undefined;
    const identity: Identity = JSON.parse((own ?? this.#before.open(sealed, makerId)).toString());
    return { identity, isUnderOwnKey: own !== undefined };
  }

  /** Digests of a registration number by each key that may have made the stored one; the first is current. */
  indexesOf(registrationNo: string): [Buffer, ...Buffer[]] {
    const text = registrationNo.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase();
    return this.#indexKeys.map((key) => createHmac('sha256', key).update(text).digest()) as [Buffer, ...Buffer[]];
  }
}

/** The key of one person. */
export class PersonKey {
  readonly #sealer: Sealer;
  readonly #fingerprintKey: Buffer;

  constructor(
    private readonly makerId: string,
    secret: Buffer,
  ) {
    const key = { number: 1, secret };
    this.#sealer = new Sealer([key], 'pasindo person: seal');
    this.#fingerprintKey = derivedKey(key, 'pasindo person: fingerprint');
  }

  sealIdentity({ registration_no, name, display_name }: Identity): Buffer {
    return this.seal(Buffer.from(JSON.stringify({ registration_no, name, display_name } satisfies Identity)));
  }

  seal(bytes: Uint8Array): Buffer {
    return Buffer.concat([Buffer.from([OWN_KEY]), this.#sealer.seal(bytes, this.makerId)]);
  }

  /** Undefined: it was not sealed under this key. The nonce of a value of before may begin as ours do. */
  opened(sealed: Buffer): Buffer | undefined {
    try {
      return this.#sealer.open(sealed.subarray(1), this.makerId);
    } catch {
      return undefined;
    }
  }

  /** The same for the same content: tells an unchanged person without opening anything. */
  fingerprintOf({ registration_no, name, display_name, consent, is_child }: Omit<Person, 'maker_id'>): string {
    const content = JSON.stringify([registration_no, name, display_name, consent, is_child]);
    return createHmac('sha256', this.#fingerprintKey).update(content).digest('base64');
  }
}
