import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#libs/database';
import { log } from '#libs/observability';
import { ProcessRepository } from './process.repository.ts';
import { ProcessService } from './process.service.ts';

const INTERVAL_MS = 2_000;
const ORDERS_AT_ONCE = 500;

/** Tells orders that their deadline has passed. Several instances share the work. */
@Injectable()
export class DeadlinesService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stop = new AbortController();
  #stopped: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly processes: ProcessRepository,
    private readonly process: ProcessService,
  ) {}

  onApplicationBootstrap(): void {
    this.#stopped = this.#run();
  }

  /** Ends before the database is closed. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#stopped;
  }

  /** @returns how many orders were told, ORDERS_AT_ONCE at most */
  async tell(now: Date): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const due = await this.processes.lockDue(transaction, now.toISOString(), ORDERS_AT_ONCE);
      await this.process.deliver(
        transaction,
        new Map(due.map(({ orderId, state }) => [orderId, state])),
        due.map(({ orderId, correlationId }) => ({
          orderId,
          message: { type: 'deadline-passed', now: now.toISOString() },
          cause: { correlationId },
        })),
      );
      return due.length;
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        while ((await this.tell(await this.processes.now(this.database))) === ORDERS_AT_ONCE)
          if (signal.aborted) return;
      } catch (error) {
        log.warn({ err: error }, 'deadlines not looked at, trying again');
      }
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => {});
    }
  }
}
