import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound } from '#libs/http';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { AgreementRepository } from '../agreements/agreement.repository.ts';
import { MemoryService } from '../memory/memory.service.ts';
import { remembers } from '../memory/memory.ts';
import { pastSales } from './past-sales.repository.ts';
import type { SimulationDto, SimulationView } from './simulation.dto.ts';
import { byKind, Simulation } from './simulation.ts';

/** Gains and losses that an answer names; the others are counted. */
const NAMED_MAX = 100;

/** What a version would have made of past sales. Reads only. */
@Injectable()
export class SimulationService {
  constructor(
    private readonly database: Database,
    private readonly agreements: AgreementRepository,
    private readonly memories: MemoryService,
  ) {}

  async simulate(id: string, version: number, { from, to, facilityId }: SimulationDto): Promise<SimulationView> {
    const found = await this.agreements.version(this.database, id, version);
    if (!found) throw notFound('Agreement', `${id} v${version}`);
    const { agreement } = found;
    const simulation = new Simulation(agreement);
    const period = { from: startOf(from), until: new Date(+startOf(to) + 86_400_000) };
    const filter = { ...period, version: found, facilityId: facilityId ?? null };
    await inSnapshot(this.database, async (snapshot) => {
      for await (const sales of pastSales(snapshot, { ...filter, inOrderOfPosting: remembers(agreement) })) {
        simulation.learn(
          await this.memories.balances(
            snapshot,
            sales.map((sale) => simulation.needs(sale)),
          ),
        );
        for (const sale of sales) simulation.add(sale);
      }
    });
    const outcomes = simulation.outcomes();
    const losers = outcomes.filter(({ difference }) => difference < 0);
    const gainers = outcomes.filter(({ difference }) => difference > 0).reverse();
    return {
      currency: 'IDR',
      sales: simulation.sales,
      totals: byKind(outcomes),
      gain: gainers.length,
      lose: losers.length,
      gainers: gainers.slice(0, NAMED_MAX),
      losers: losers.slice(0, NAMED_MAX),
    };
  }
}

/** The first instant of a day in Asia/Jakarta. */
function startOf(day: string): Date {
  return new Date(`${day}T00:00:00+07:00`);
}
