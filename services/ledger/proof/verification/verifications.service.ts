import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound, Problem } from '#libs/http';
import { newId } from '#libs/messaging';
import { log } from '#libs/observability';
import { AnotherRuns } from '../../books/alone.repository.ts';
import { type Outside, outsideOf } from './outside.ts';
import { verifyBooks } from './verification.repository.ts';
import { groundsOf, nothingChecked, type Report, type ReportLine, reportOf } from './verification-report.ts';
import {
  addRun,
  cancelRun,
  endRun,
  findRun,
  keepReport,
  listRuns,
  runningId,
  type VerificationRun,
  verifyAlone,
} from './verification-run.repository.ts';

/** Verifications of all books that people ask for: beside their requests, as books of years take minutes. */
@Injectable()
export class VerificationsService implements OnModuleDestroy {
  readonly #running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  constructor(private readonly database: Database) {}

  /** Ends before the database is closed. */
  async onModuleDestroy(): Promise<void> {
    for (const { stop, ended } of this.#running.values()) {
      stop.abort();
      await ended;
    }
  }

  /**
   * Starts one, unless one runs.
   * @param by person id
   * @param key to trust; absent: those that the ledger is told to
   */
  async start(by: string, key?: string): Promise<VerificationRun> {
    const own = outsideOf(process.env);
    const outside = key ? { ...own, trusted: new Map([[key, 'this request']]) } : own;
    const verificationId = newId();
    const begun = Promise.withResolvers<void>();
    const stop = new AbortController();
    const ended = this.#verify(verificationId, by, outside, stop, begun.resolve).catch(begun.reject);
    this.#running.set(verificationId, { stop, ended: ended.finally(() => this.#running.delete(verificationId)) });
    await begun.promise.catch(async (error) => {
      if (!(error instanceof AnotherRuns)) throw error;
      const id = await runningId(this.database);
      const detail = id ? `GET /v1/verifications/${id} tells how far it is.` : 'The books are verified for a close.';
      throw new Problem({ status: 409, title: 'Another verification runs', detail });
    });
    return this.find(verificationId);
  }

  /** Ends it, wherever it runs: here at once, elsewhere within seconds. */
  async cancel(verificationId: string): Promise<VerificationRun> {
    const { status } = await this.find(verificationId);
    if (status !== 'running' && status !== 'cancelled') {
      throw new Problem({ status: 409, title: 'Already ended', detail: `It is ${status}.` });
    }
    await cancelRun(this.database, verificationId);
    const here = this.#running.get(verificationId);
    here?.stop.abort();
    await here?.ended;
    return this.find(verificationId);
  }

  async find(verificationId: string): Promise<VerificationRun> {
    const found = await findRun(this.database, verificationId);
    if (!found) throw notFound('Verification', verificationId);
    return found;
  }

  list(before: string | undefined, limit: number): Promise<VerificationRun[]> {
    return listRuns(this.database, before, limit);
  }

  async #verify(id: string, by: string, outside: Outside, stop: AbortController, begun: () => void): Promise<void> {
    const report: Report = { ...groundsOf(outside), checked: nothingChecked(), faults: [], seconds: null };
    const verify = (query: Database['query']) =>
      reportOf(
        outside,
        (checked) => verifyBooks(query, checked, outside),
        (line) => this.#tell(id, report, line, stop),
      );
    let hasBegun = false;
    await verifyAlone(
      this.database,
      async ({ query }) => {
        await addRun(this.database, id, by, report);
        hasBegun = true;
        begun();
        const isSound = await verify(query);
        await endRun(this.database, id, isSound ? 'sound' : 'unsound', report); // as long as it counts as running
      },
      stop.signal,
    ).catch(async (error) => {
      if (!hasBegun) throw error;
      if (!stop.signal.aborted) log.error({ err: error }, 'a verification failed');
      await endRun(this.database, id, stop.signal.aborted ? 'stopped' : 'failed', report);
    });
  }

  #tell(id: string, report: Report, line: ReportLine, stop: AbortController): void {
    if ('fault' in line) report.faults.push(line.fault);
    else if ('progress' in line) {
      report.checked = line.progress;
      keepReport(this.database, id, report).then(
        (isWanted) => !isWanted && stop.abort(),
        () => {}, // the next one tells
      );
    } else if ('result' in line) Object.assign(report, { checked: line.result.checked, seconds: line.result.seconds });
  }
}
