import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#libs/database';
import { log } from '#libs/observability';
import { outsideOf } from '../../proof/verification/outside.ts';
import { verifyBooks } from '../../proof/verification/verification.repository.ts';
import type { Fault } from '../../proof/verification/verification.ts';
import { reportOf } from '../../proof/verification/verification-report.ts';
import { verifyAlone } from '../../proof/verification/verification-run.repository.ts';
import { checklistOf } from './checklist.ts';
import { type PeriodDecision, PeriodRepository } from './period.repository.ts';

const RETRY_MS = 10_000;

/**
 * Verifies all books for each close that was asked for: beside the request, as books of years take minutes. What a
 * process leaves undone is taken up when one starts. While another verification runs it waits for its turn.
 */
@Injectable()
export class CloseCheckService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly periods: PeriodRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.checkAll();
  }

  /** Ends before the database is closed. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Checks what is asked for, one after the other. */
  checkAll(): void {
    this.#running = this.#running.then(() => this.#untilDone());
  }

  async #untilDone(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for (const decision of await this.periods.unchecked(this.database)) await this.#check(decision, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error }, 'a close is not checked, trying again');
        await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async #check({ decisionId, month }: PeriodDecision, signal: AbortSignal): Promise<void> {
    const checklist = await verifyAlone(
      this.database,
      async ({ query }) => {
        const verifiedAt = new Date().toISOString();
        const items = await this.periods.openItems({ query }, month);
        const faults: Fault[] = [];
        const outside = outsideOf(process.env);
        await reportOf(
          outside,
          (checked) => verifyBooks(query, checked, outside),
          (line) => {
            if ('fault' in line) faults.push(line.fault);
            if ('progress' in line) void this.periods.tell(this.database, decisionId, line.progress).catch(() => {});
          },
        );
        return checklistOf(items, { verifiedAt, faults });
      },
      signal,
    );
    await this.periods.keepChecklist(this.database, decisionId, checklist);
  }
}
