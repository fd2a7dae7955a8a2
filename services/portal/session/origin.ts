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

  get isEncrypted(): boolean {
    return this.url.protocol === 'https:';
  }
}
