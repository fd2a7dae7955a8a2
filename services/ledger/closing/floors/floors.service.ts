import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { lastInstantOf } from '../../books/calendar/month.ts';
import type { Close, ClosingDraft } from '../../decisions/closes/close.ts';
import { floorEntries, type MonthOfFloor, missing } from '../../decisions/closes/floor.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';
import { agreementInForce } from '../../sharing/agreements/in-force.ts';
import { changesOf } from '../../sharing/memory/accumulator.ts';
import { MemoryService } from '../../sharing/memory/memory.service.ts';
import { memoryNeeded, remembers, SharedMemory } from '../../sharing/memory/memory.ts';
import { FloorRepository } from './floor.repository.ts';

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
   */
  async draft(transaction: Transaction, close: Close): Promise<ClosingDraft[]> {
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
    const premi = await this.floors.premi(transaction, close, makerIds);

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
}
