import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { log } from '#libs/observability';

/** Soon enough for what was away for a moment, and few words in the log of what is away for long. */
const RETRY_MS_MIN = 1_000;

/**
 * Work that a service does by itself: when it starts, and again some time after it has ended, until the service stops.
 * What fails is logged and tried again then. It ends before the database is closed.
 */
export abstract class RepeatedWork implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stop = new AbortController();
  #stopped: Promise<void> = Promise.resolve();

  /** `failing`: what a log says of it when it fails. */
  constructor(
    private readonly intervalMs: number,
    private readonly failing: string,
  ) {}

  /** Once; long work ends early by the signal. @returns whether there is more to do at once */
  protected abstract work(signal: AbortSignal): Promise<boolean>;

  onApplicationBootstrap(): void {
    this.#stopped = this.#run(this.#stop.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#stopped;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let pauseMs = this.intervalMs;
      try {
        if (await this.work(signal)) continue;
      } catch (error) {
        log.warn({ err: error }, `${this.failing}, trying again`);
        pauseMs = Math.max(pauseMs, RETRY_MS_MIN);
      }
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}
