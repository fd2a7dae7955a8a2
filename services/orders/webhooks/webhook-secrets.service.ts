import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';

/** So long a secret that was taken away still counts, and one that was added does not yet. */
const KEPT_MS = 5_000;
const CHARACTERS_MIN = 32;

interface Known {
  readonly secrets: readonly string[];
  readonly until: number;
}

/**
 * What channels and we sign with. Environment: WEBHOOK_SECRETS, a directory with a file for each channel, named as it is:
 * one secret, or while they change two, a line each, of at least 32 characters. A channel without a file signs nothing.
 */
@Injectable()
export class WebhookSecrets {
  readonly #directory = process.env.WEBHOOK_SECRETS;
  readonly #known = new Map<string, Known>();

  /** The one to sign with first. @param channel is a channel's id, so no path leads out of the directory */
  async of(channel: string): Promise<readonly string[]> {
    const known = this.#known.get(channel);
    const now = performance.now();
    if (known && now < known.until) return known.secrets;
    const secrets = await this.#read(channel);
    if (secrets.length > 0) this.#known.set(channel, { secrets, until: now + KEPT_MS });
    else this.#known.delete(channel);
    return secrets;
  }

  async #read(channel: string): Promise<string[]> {
    if (!this.#directory) return [];
    try {
      const text = await readFile(join(this.#directory, channel), 'utf8');
      return text.split(/\s+/).filter(({ length }) => length >= CHARACTERS_MIN);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}
