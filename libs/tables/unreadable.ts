import type { Sentence } from '#libs/contracts';

/** A file, or the rest of it, that cannot be read as a table: what is wrong and what helps, in whole sentences. */
export class UnreadableTable extends Error {
  readonly sentence: Sentence;

  constructor(en: string, id: string) {
    super(`${id} / ${en}`);
    this.sentence = { id, en };
  }
}
