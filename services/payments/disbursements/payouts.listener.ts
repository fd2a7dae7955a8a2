import { Controller } from '@nestjs/common';
import { type DataOf, type Event, payoutApproved } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { DisbursementRepository } from './disbursement.repository.ts';

/** What the ledger asks to pay. */
@Controller()
export class PayoutsListener {
  constructor(private readonly disbursements: DisbursementRepository) {}

  @EventHandler(payoutApproved)
  async onApproved(events: Event<DataOf<typeof payoutApproved>>[], transaction: Transaction): Promise<void> {
    await this.disbursements.add(
      transaction,
      events.flatMap(({ correlationId, data: { items, ...payout } }) =>
        items.map((item) => ({ ...payout, ...item, status: 'pending' as const, reason: null, correlationId })),
      ),
    );
  }
}
