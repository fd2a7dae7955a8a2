import { isThisComputer } from '#libs/environment';

/** Where browsers find the portal. */
export class Origin {
  readonly url: URL;

  /** @param address `https://host`, or http on this computer */
  constructor(address: string) {
    this.url = new URL(address);
    if (!this.isEncrypted && !isThisComputer(this.url.hostname))
      throw new Error(`PORTAL_ORIGIN ${address} is not https: cookies would be read along`);
  }

  /**
   * Where a browser has to ask instead; undefined: here. On this computer it may say `localhost`, and the cookie that it
   * gets there would not be sent to where the issuer leads it back to.
   */
  insteadOf(host: string | undefined, path: string): string | undefined {
    return this.isEncrypted || host === this.url.host ? undefined : `${this.url.origin}${path}`;
  }

  get isEncrypted(): boolean {
    return this.url.protocol === 'https:';
  }
}
