import { Controller } from '@nestjs/common';
import { contributionsRecorded, type DataOf, type Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { AdjustmentsService } from '../../decisions/adjustments/adjustments.service.ts';
import { FloorRepository } from './floor.repository.ts';

/**
 * Who made something: a floor is guaranteed to makers, whether what they made is sold or not; and what was sold before
 * anybody knew them is proposed to be theirs.
 */
@Controller()
export class ContributionsListener {
  constructor(
    private readonly floors: FloorRepository,
    private readonly adjustments: AdjustmentsService,
  ) {}

  @EventHandler(contributionsRecorded)
  async onRecorded(events: Event<DataOf<typeof contributionsRecorded>>[], transaction: Transaction): Promise<void> {
    const recorded = events.map(({ data }) => data);
    await this.floors.record(transaction, recorded);
    await this.adjustments.draftFoundLate(
      transaction,
      recorded.flatMap(({ lotId, facilityId, recordedAt: occurredAt, late }) =>
        late ? [{ lotId, facilityId, occurredAt, ...late }] : [],
      ),
    );
  }
}
