/** What changes seldom and is about nobody: facilities, channels. */
const FRESH_MS = 60_000;
/** As many as there are such lists; the one that was got first goes first. */
const ENTRIES_MAX = 100;

export interface Copy<Value> {
  readonly value: Value;
  /** When it was got. */
  readonly asOf: Date;
  /** It could not be got anew. */
  readonly isStale: boolean;
}

/** Copies that are good for a minute, and better than none for longer. */
export class Kept<Value> {
  readonly #copies = new Map<string, { value: Value; asOf: Date }>();

  /** What it is a copy of has changed. */
  forget(key: string): void {
    this.#copies.delete(key);
  }

  /** @throws whatever `get` throws, where there is no copy */
  async get(key: string, get: () => Promise<Value>): Promise<Copy<Value>> {
    const known = this.#copies.get(key);
    if (known && Date.now() - known.asOf.getTime() < FRESH_MS) return { ...known, isStale: false };
    try {
      const copy = { value: await get(), asOf: new Date() };
      this.#copies.delete(key);
      this.#copies.set(key, copy);
      const [first] = this.#copies.keys();
      if (this.#copies.size > ENTRIES_MAX && first !== undefined) this.#copies.delete(first);
      return { ...copy, isStale: false };
    } catch (error) {
      if (!known) throw error;
      return { ...known, isStale: true };
    }
  }
}
