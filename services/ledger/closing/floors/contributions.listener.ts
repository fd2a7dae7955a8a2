import { Controller } from '@nestjs/common';
import { contributionsRecorded, type DataOf, type Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { FloorRepository } from './floor.repository.ts';

/** Who made something: a floor is guaranteed to makers, whether what they made is sold or not. */
@Controller()
export class ContributionsListener {
  constructor(private readonly floors: FloorRepository) {}

  @EventHandler(contributionsRecorded)
  onRecorded(events: Event<DataOf<typeof contributionsRecorded>>[], transaction: Transaction): Promise<void> {
    return this.floors.record(
      transaction,
      events.map(({ data }) => data),
    );
  }
}
