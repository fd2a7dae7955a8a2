import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound, Problem } from '#libs/http';
import { newId } from '#libs/messaging';
import { log } from '#libs/observability';
import { AnotherRuns } from '../../books/alone.repository.ts';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import { AgreementRepository, type AgreementVersion } from '../agreements/agreement.repository.ts';
import { MemoryService } from '../memory/memory.service.ts';
import { remembers } from '../memory/memory.ts';
import { countPastSales, type PastSalesFilter, pastSales } from './past-sales.repository.ts';
import type { SimulationDto } from './simulation.dto.ts';
import { resultOf, Simulation, type SimulationResult } from './simulation.ts';
import {
  addRun,
  endRun,
  findRun,
  type Progress,
  type SimulationRun,
  simulateAlone,
  tellProgress,
} from './simulation-run.repository.ts';

/** What a version would have made of past sales: beside the request, as those of years take minutes. Reads only. */
@Injectable()
export class SimulationsService implements OnModuleDestroy {
  readonly #running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  constructor(
    private readonly database: Database,
    private readonly agreements: AgreementRepository,
    private readonly memories: MemoryService,
  ) {}

  /** Ends before the database is closed. */
  async onModuleDestroy(): Promise<void> {
    for (const { stop, ended } of this.#running.values()) {
      stop.abort();
      await ended;
    }
  }

  /** Starts one, unless one runs. @param by person id */
  async start(
    { id, version }: { id: string; version: number },
    asked: SimulationDto,
    by: string,
  ): Promise<SimulationRun> {
    const found = await this.agreements.version(this.database, id, version);
    if (!found) throw notFound('Agreement', `${id} v${version}`);
    const simulationId = newId();
    const begun = Promise.withResolvers<void>();
    const stop = new AbortController();
    const begin = async (progress: Progress) => {
      await addRun(this.database, { simulationId, id, version, asked, by, progress });
      begun.resolve();
    };
    const ended = this.#run(simulationId, found, asked, begin, stop.signal).catch(begun.reject);
    this.#running.set(simulationId, { stop, ended: ended.finally(() => this.#running.delete(simulationId)) });
    await begun.promise.catch((error) => {
      if (!(error instanceof AnotherRuns)) throw error;
      throw new Problem({ status: 409, title: 'Another simulation runs', detail: 'Ask again when it has ended.' });
    });
    return this.find({ id, version, simulationId });
  }

  async find(key: { id: string; version: number; simulationId: string }): Promise<SimulationRun> {
    const found = await findRun(this.database, key);
    if (!found) throw notFound('Simulation', key.simulationId);
    return found;
  }

  async #run(
    simulationId: string,
    version: AgreementVersion,
    { from, to, facilityId }: SimulationDto,
    begin: (progress: Progress) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const days = { from: startOf(from), until: new Date(+startOf(to) + 86_400_000) };
    const filter = { ...days, facilityId: facilityId ?? null, version, inOrderOfPosting: remembers(version.agreement) };
    let hasBegun = false;
    const simulate = async (snapshot: Snapshot) => {
      const of = await countPastSales(snapshot, filter);
      await begin({ sales: 0, of });
      hasBegun = true;
      let told = Promise.resolve();
      const tell = (sales: number) => tellProgress(this.database, simulationId, { sales, of }).catch(() => {});
      const result = await this.#simulate(snapshot, version, filter, (sales) => {
        told = told.then(() => tell(sales));
      });
      await told;
      await endRun(this.database, simulationId, 'done', result); // as long as it counts as running
    };
    await simulateAlone(this.database, simulate, signal).catch(async (error) => {
      if (!hasBegun) throw error;
      if (!signal.aborted) log.error({ err: error }, 'a simulation failed');
      await endRun(this.database, simulationId, signal.aborted ? 'interrupted' : 'failed', null);
    });
  }

  async #simulate(
    snapshot: Snapshot,
    { agreement }: AgreementVersion,
    filter: PastSalesFilter,
    tell: (sales: number) => void,
  ): Promise<SimulationResult> {
    const simulation = new Simulation(agreement);
    for await (const sales of pastSales(snapshot, filter)) {
      const needed = sales.map((sale) => simulation.needs(sale));
      simulation.learn(await this.memories.balances(snapshot, needed));
      for (const sale of sales) simulation.add(sale);
      tell(simulation.sales);
    }
    return resultOf(simulation);
  }
}

/** The first instant of a day in Asia/Jakarta. */
function startOf(day: string): Date {
  return new Date(`${day}T00:00:00+07:00`);
}
