import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { facilityDescribed } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { newEvent, newId, Outbox } from '#libs/messaging';
import { FacilityRepository } from './facility.repository.ts';

/** Others learn from the catalogue which facilities there are, and where. */
@Injectable()
export class FacilitiesService implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly facilities: FacilityRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Those that are here from before anybody was told. */
  onApplicationBootstrap(): Promise<void> {
    return this.database.transaction((transaction) => this.tell(transaction));
  }

  /** What of them others have not been told. */
  async tell(transaction: Transaction): Promise<void> {
    const news = await this.facilities.markTold(transaction);
    const cause = { correlationId: newId() };
    await this.outbox.append(
      transaction,
      news.map((facility) => newEvent(facilityDescribed, facility, cause)),
    );
  }
}
