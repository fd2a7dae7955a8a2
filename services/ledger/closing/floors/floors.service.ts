import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type Rupiah, rupiah } from '#libs/money';
import { lastInstantOf } from '../../books/calendar/month.ts';
import type { ChainEnds } from '../../books/chain/chain-ends.repository.ts';
import type { Close, ClosingDraft } from '../../decisions/closes/close.ts';
import { floorEntries, type MonthOfFloor, missing } from '../../decisions/closes/floor.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';
import { agreementInForce } from '../../sharing/agreements/in-force.ts';
import { changesOf } from '../../sharing/memory/accumulator.ts';
import { MemoryService } from '../../sharing/memory/memory.service.ts';
import { memoryNeeded, remembers, SharedMemory } from '../../sharing/memory/memory.ts';
import { FloorRepository, type PremiAtFacility } from './floor.repository.ts';

/** Premi of a month's sales as they were when the chains ended so; undefined: nobody had asked. */
export interface PremiBefore {
  readonly ends: ChainEnds;
  readonly premi: readonly PremiAtFacility[] | undefined;
}

/** The floor that agreements guarantee to makers each month: paid when the month is closed. */
@Injectable()
export class FloorsService {
  constructor(
    private readonly floors: FloorRepository,
    private readonly agreements: AgreementRepository,
    private readonly memories: MemoryService,
  ) {}

  /**
   * One journal for each facility of which the agreement guarantees a floor, of all its makers with a contribution
   * recorded in the month, be it that nothing is missing to any: so the books say who was looked at. A maker is looked at
   * once a month: later refunds change nothing, and after a reopening only those are added who were not known before.
   * @param before what `prepare` found
   */
  async draft(transaction: Transaction, close: Close, before: PremiBefore): Promise<ClosingDraft[]> {
    const contributors = await this.floors.contributors(transaction, close);
    const approved = await this.agreements.approved(transaction);
    const placedAt = lastInstantOf(close.lastDay);
    const facilities = [...Map.groupBy(contributors, ({ facilityId }) => facilityId)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([facilityId, makers]) => {
        const region = makers.find((maker) => maker.region !== null)?.region;
        const agreement = agreementInForce(approved, { facilityId, placedAt, ...(region && { region }) });
        return agreement?.floor ? [{ facilityId, makers, agreement, floor: agreement.floor.amount }] : [];
      });
    const makerIds = facilities.flatMap(({ makers }) => makers.map(({ makerId }) => makerId));
    const premi = makerIds.length > 0 ? await this.#premi(transaction, close, before) : new Map<string, Rupiah>();

    const months = facilities.map(({ facilityId, makers, agreement, floor }) => {
      const guaranteed = makers.map(({ makerId }) => ({ makerId, premi: premi.get(makerId) ?? 0 }));
      const facts: MonthOfFloor = { month: close.month, facilityId, floor, makers: guaranteed };
      const paid = guaranteed.filter((maker) => missing(floor, maker) > 0).map(({ makerId }) => makerId);
      const needed = memoryNeeded({ facilityId, makerIds: paid }, agreement, close.lastDay);
      return { facts, agreement, needed };
    });
    const shared = new SharedMemory(
      await this.memories.hold(
        transaction,
        months.map(({ needed }) => needed),
      ),
    );
    return months.map(({ facts, agreement, needed }) => {
      const memory = remembers(agreement) ? shared.at(needed) : null;
      const { entries, changes } = floorEntries(facts, agreement, close.lastDay, memory);
      shared.apply(changes, entries);
      const { id, version } = agreement;
      const sharing = { agreement: { id, version }, memory, changes: memory ? changesOf(memory, changes) : [] };
      return { closing: 'floor', facilityId: facts.facilityId, facts, entries, sharing };
    });
  }

  /** What `draft` is spared when nobody posts any more: premi of the month as they are now, if an agreement has a floor. */
  async prepare(transaction: Transaction, close: Close, ends: ChainEnds): Promise<PremiBefore> {
    const approved = await this.agreements.approved(transaction);
    const hasFloor = approved.some(({ agreement }) => agreement.floor);
    return { ends, premi: hasFloor ? await this.floors.premi(transaction, close) : undefined };
  }

  /** By person. */
  async #premi(transaction: Transaction, close: Close, { ends, premi }: PremiBefore): Promise<Map<string, Rupiah>> {
    const since = new Set(premi && (await this.floors.sellingSince(transaction, close, ends)));
    const rows = premi
      ? [
          ...premi.filter(({ facilityId }) => !since.has(facilityId)),
          ...(await this.floors.premi(transaction, close, [...since])),
        ]
      : await this.floors.premi(transaction, close);
    const persons = await this.floors.persons(transaction);
    const sums = new Map<string, Rupiah>();
    for (const { makerId, premi } of rows) {
      const person = persons.get(makerId) ?? makerId;
      sums.set(person, rupiah((sums.get(person) ?? 0) + premi));
    }
    return sums;
  }
}
