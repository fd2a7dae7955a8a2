import { Controller } from '@nestjs/common';
import { custodyEnded, type DataOf, type Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { ErasureRepository } from './erasure.repository.ts';

/** What the ledger tells of makers whose names need not be kept any longer. */
@Controller()
export class CustodyEndsListener {
  constructor(private readonly erasures: ErasureRepository) {}

  @EventHandler(custodyEnded)
  onEnded(events: Event<DataOf<typeof custodyEnded>>[], transaction: Transaction): Promise<void> {
    return this.erasures.keepCustodyEnds(
      transaction,
      events.map(({ data }) => data),
    );
  }
}
