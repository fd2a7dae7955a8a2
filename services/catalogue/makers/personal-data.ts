import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

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
 * Seals identities (AES-256-GCM, bound to their pseudonym) and takes keyed fingerprints of persons (HMAC-SHA-256).
 * Both keys are derived from one secret, PERSONAL_DATA_KEY: without it the database names nobody.
 */
export class PersonalData {
  readonly #sealingKey: Buffer;
  readonly #fingerprintKey: Buffer;

  /** `secret`: 32 random bytes, base64. */
  constructor(secret: string | undefined) {
    const bytes = Buffer.from(secret ?? '', 'base64');
    if (bytes.length !== KEY_BYTES) {
      throw new Error(`PERSONAL_DATA_KEY must hold ${KEY_BYTES} random bytes in base64: openssl rand -base64 32`);
    }
    const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', bytes, '', purpose, KEY_BYTES));
    this.#sealingKey = derive('pasindo personal data: seal');
    this.#fingerprintKey = derive('pasindo personal data: fingerprint');
  }

  /** Nonce, ciphertext and tag in one; never the same twice. */
  seal({ maker_id, registration_no, name, display_name }: Person): Buffer {
    const identity: Identity = { registration_no, name, display_name };
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealingKey, nonce).setAAD(Buffer.from(maker_id));
    return Buffer.concat([nonce, cipher.update(JSON.stringify(identity)), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws if a bit was changed, or if it was sealed for another maker. */
  open(makerId: string, sealed: Buffer): Identity {
    const decipher = createDecipheriv('aes-256-gcm', this.#sealingKey, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(makerId))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString());
  }

  /** The same for the same content: tells an unchanged person without opening anything. */
  fingerprintOf({ maker_id, registration_no, name, display_name, consent, is_child }: Person): string {
    const content = JSON.stringify([maker_id, registration_no, name, display_name, consent, is_child]);
    return createHmac('sha256', this.#fingerprintKey).update(content).digest('base64');
  }
}
