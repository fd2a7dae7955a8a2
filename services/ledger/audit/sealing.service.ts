import type { KeyObject } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { log } from '#libs/observability';
import { merkleRoot } from './merkle-tree.ts';
import { lastChange } from './row-changes.repository.ts';
import {
  addBlocks,
  addSeal,
  blocksOf,
  daysOfBooks,
  lastSeal,
  leavesOf,
  lockSealing,
  waitForPostings,
} from './seal.repository.ts';
import { dayAfter, hashOfSeal, seal } from './seal.ts';

/** Injection token of the private key that seals. */
export const SEAL_KEY = 'SEAL_KEY';

const LOOK_EVERY_MS = 60_000;

/** Seals every day that is over, soon after midnight in Jakarta or when the service starts again. */
@Injectable()
export class SealingService implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    @Inject(SEAL_KEY) private readonly key: KeyObject,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void => {
      this.#running = this.#running
        .then(() => this.sealDaysThatAreOver())
        .catch((error) => log.error({ err: error }, 'a day could not be sealed; trying again'));
    };
    look();
    this.#timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Several instances may do so at once: each day is sealed by one of them. */
  async sealDaysThatAreOver(): Promise<void> {
    const { today } = await daysOfBooks((sql, parameters) => this.database.query(sql, parameters));
    const last = await lastSeal((sql, parameters) => this.database.query(sql, parameters));
    if (last && dayAfter(last.date) === today) return;
    // Whoever took the time before `today` began has committed after this.
    await this.database.transaction(({ query }) => waitForPostings(query));
    while (await this.database.transaction(({ query }) => this.#sealNextDay(query, today)));
  }

  async #sealNextDay(query: Transaction['query'], today: string): Promise<boolean> {
    await lockSealing(query);
    const previous = await lastSeal(query);
    const date = previous ? dayAfter(previous.date) : (await daysOfBooks(query)).first;
    if (date === null || date >= today) return false;
    const roots: string[] = [];
    let journals = 0;
    for await (const leaves of leavesOf(query, date)) {
      const blocks = blocksOf(leaves);
      await addBlocks(query, date, roots.length, blocks);
      roots.push(...blocks.map(({ root }) => root));
      journals += leaves.length;
    }
    const changes = await lastChange(query);
    const sealed = seal(
      {
        date,
        journals,
        root: merkleRoot(roots),
        previous: previous ? hashOfSeal(previous) : null,
        ...(changes && { changes }),
      },
      this.key,
    );
    await addSeal(query, sealed);
    log.info({ date, journals, root: sealed.root }, 'day sealed');
    return true;
  }
}
