import { createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { log } from '#libs/observability';
import { merkleRoot } from '../../books/chain/merkle-tree.ts';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { lastChange } from '../verification/row-changes.repository.ts';
import { checkpointOf } from './checkpoint.repository.ts';
import { keptFaults } from './kept.repository.ts';
import { addKey, keysOfBooks, listedKeys } from './key-list.repository.ts';
import { type ListedKey, nextKey } from './key-list.ts';
import {
  addBlocks,
  addSeal,
  blocksOf,
  daysOfBooks,
  lastSeal,
  leavesOf,
  lockSealing,
  sealsAfter,
  waitForPostings,
} from './seal.repository.ts';
import { dayAfter, hashOfSeal, publicKeyText, seal } from './seal.ts';
import { bearWitness, lastDayWitnessed, lastWitnessed } from './witness.ts';

/** Injection token of the private key that seals. */
export const SEAL_KEY = 'SEAL_KEY';
/** Injection token of the directory outside of the database that seals are told to. */
export const WITNESS = 'WITNESS';

const LOOK_EVERY_MS = 60_000;

const SEALS_MAX = 100_000;

/**
 * Seals every day that is over, soon after midnight in Jakarta or when the service starts again; and tells the witness
 * every minute where the chains stand.
 */
@Injectable()
export class SealingService implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    @Inject(SEAL_KEY) private readonly key: KeyObject,
    /** A directory (witness.ts); absent: there is none. */
    @Optional() @Inject(WITNESS) private readonly witness?: string,
  ) {}

  /** @throws Error if another key seals: who changes it has it handed over to (docs/OPERATING.md) */
  async onApplicationBootstrap(): Promise<void> {
    const keys = await listedKeys((sql, parameters) => this.database.query(sql, parameters));
    if (keys.length > 0) this.#requireOwn(keys);
    const look = (): void => {
      this.#running = this.#running
        .then(() => this.sealDaysThatAreOver())
        .then(() => this.tellWitness())
        .catch((error) => log.error({ err: error }, 'a day could not be sealed, or the witness told; trying again'));
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
    await this.#requireWitnessed();
    // Whoever took the time before `today` began has committed after this.
    await this.database.transaction(({ query }) => waitForPostings(query));
    while (await this.database.transaction(({ query }) => this.#sealNextDay(query, today)));
  }

  async #sealNextDay(query: Transaction['query'], today: string): Promise<boolean> {
    await lockSealing(query);
    const previous = await lastSeal(query);
    const date = previous ? dayAfter(previous.date) : (await daysOfBooks(query)).first;
    if (date === null || date >= today) return false;
    await this.#listOwnKey(query, date);
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

  /** Nothing is told that contradicts what was told before. */
  async tellWitness(): Promise<void> {
    const { witness } = this;
    if (!witness) return;
    await this.#requireWitnessed();
    await inSnapshot(this.database, async ({ query }) => {
      const seals = await sealsAfter(query, lastDayWitnessed(witness), SEALS_MAX);
      bearWitness(witness, seals, await checkpointOf(query, this.key));
    });
  }

  /** Books that are not those which the witness knows are not sealed: somebody has cut them off, or an old backup was restored. */
  async #requireWitnessed(): Promise<void> {
    const kept = this.witness ? lastWitnessed(this.witness) : [];
    const query: Transaction['query'] = (sql, parameters) => this.database.query(sql, parameters);
    for await (const { table, row, says } of keptFaults(query, kept, () => true)) {
      throw new Error(`the books are not those of the witness ${this.witness}: ${table} ${row} ${says}`);
    }
  }

  /** The first key is listed with the first seal, behind those that older seals tell. */
  async #listOwnKey(query: Transaction['query'], date: string): Promise<void> {
    const listed = await listedKeys(query);
    if (listed.length > 0) return this.#requireOwn(listed);
    const publicKey = publicKeyText(createPublicKey(this.key));
    const older = await keysOfBooks(query);
    const last = older.at(-1);
    const before = last?.publicKey === publicKey ? older.slice(0, -1) : older;
    const from = before.length < older.length ? (last as ListedKey).from : date;
    for (const key of [...before, nextKey(before, { from, publicKey, own: this.key })]) await addKey(query, key);
  }

  #requireOwn(keys: readonly ListedKey[]): void {
    const last = keys.at(-1) as ListedKey;
    if (last.publicKey === publicKeyText(createPublicKey(this.key))) return;
    throw new Error(
      `LEDGER_SEAL_KEY is not the key that seals the books from ${last.from} on. To change the key: npm run ledger:key`,
    );
  }
}
