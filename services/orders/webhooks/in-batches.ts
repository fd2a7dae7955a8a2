interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does work for many who ask one by one: what comes while some of it is done is done together next. Of work that fails
 * together each part is done by itself, so that nobody is refused for another's sake, unless it is everybody's failure.
 */
export class InBatches<Item, Result> {
  readonly #waiting: Waiting<Item, Result>[] = [];
  #isAtWork = false;

  constructor(
    private readonly itemsMax: number,
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly isOfAll: (error: unknown) => boolean,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isAtWork) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isAtWork = true;
    while (this.#waiting.length > 0) await this.#do(this.#waiting.splice(0, this.itemsMax));
    this.#isAtWork = false;
  }

  async #do(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (batch.length === 1 || this.isOfAll(error)) for (const { reject } of batch) reject(error);
      else for (const each of batch) await this.#do([each]);
    }
  }
}
