import { createHmac } from 'node:crypto';
import { derivedKey, type Key, Sealer } from '#libs/sealing';

/** What tells who a maker is. It leaves this service never, and this process sealed only. */
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

/**
 * Seals identities, bound to their pseudonym, and takes keyed fingerprints of persons (HMAC-SHA-256). All keys are
 * derived from PERSONAL_DATA_KEYS: without them the database names nobody. Fingerprints are taken with the current key:
 * after a new one, the next import of a person seals it anew.
 */
export class PersonalData {
  readonly #sealer: Sealer;
  readonly #fingerprintKey: Buffer;

  constructor(keys: readonly [Key, ...Key[]]) {
    this.#sealer = new Sealer(keys, 'pasindo personal data: seal');
    this.#fingerprintKey = derivedKey(keys[0], 'pasindo personal data: fingerprint');
  }

  seal({ maker_id, registration_no, name, display_name }: Person): Buffer {
    const identity: Identity = { registration_no, name, display_name };
    return this.#sealer.seal(Buffer.from(JSON.stringify(identity)), maker_id);
  }

  /** Throws if a bit was changed, or if it was sealed for another maker. */
  open(makerId: string, sealed: Buffer): Identity {
    return JSON.parse(this.#sealer.open(sealed, makerId).toString());
  }

  /** The same for the same content: tells an unchanged person without opening anything. */
  fingerprintOf({ maker_id, registration_no, name, display_name, consent, is_child }: Person): string {
    const content = JSON.stringify([maker_id, registration_no, name, display_name, consent, is_child]);
    return createHmac('sha256', this.#fingerprintKey).update(content).digest('base64');
  }
}
