import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { log } from '#libs/observability';
import { ReleasesService } from './releases.service.ts';

const INTERVAL_MS = 60_000;
const SALES_AT_ONCE = 500;

/** Releases sales of channels that report no settlements, once their return window is over. */
@Injectable()
export class ReleaseTimerService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stop = new AbortController();
  #stopped: Promise<void> = Promise.resolve();

  constructor(private readonly releases: ReleasesService) {}

  onApplicationBootstrap(): void {
    this.#stopped = this.#run();
  }

  /** Ends before the database is closed. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#stopped;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        while ((await this.releases.releaseDue(new Date(), SALES_AT_ONCE)) === SALES_AT_ONCE)
          if (signal.aborted) return;
      } catch (error) {
        log.warn({ err: error }, 'nothing released, trying again');
      }
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => {});
    }
  }
}
