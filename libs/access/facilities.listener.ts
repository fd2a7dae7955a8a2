import { Controller } from '@nestjs/common';
import { type DataOf, type Event, facilityDescribed } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { FacilityRegions } from './facility-regions.repository.ts';

/** What the catalogue tells of facilities. */
@Controller()
export class FacilitiesListener {
  constructor(private readonly regions: FacilityRegions) {}

  @EventHandler(facilityDescribed)
  onDescribed(events: Event<DataOf<typeof facilityDescribed>>[], transaction: Transaction): Promise<void> {
    return this.regions.save(
      transaction,
      events.map(({ data }) => data),
    );
  }
}
