import { Controller } from '@nestjs/common';
import { type DataOf, type Event, payoutApproved, payoutSent } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler, newEvent, Outbox } from '#libs/messaging';
import { DisbursementRepository } from './disbursement.repository.ts';

/** What the ledger asks to pay. */
@Controller()
export class PayoutsListener {
  constructor(
    private readonly disbursements: DisbursementRepository,
    private readonly outbox: Outbox,
  ) {}

  @EventHandler(payoutApproved)
  async onApproved(events: Event<DataOf<typeof payoutApproved>>[], transaction: Transaction): Promise<void> {
    await this.disbursements.add(
      transaction,
      events.flatMap(({ correlationId, data: { items, ...payout } }) =>
        items.map((item) => ({ ...payout, ...item, status: 'pending' as const, reason: null, correlationId })),
      ),
    );
    const sentAt = new Date().toISOString(); // the sandbox bank has them as soon as we do
    await this.outbox.append(
      transaction,
      events.map((event) => {
        const { payoutId, facilityId, items } = event.data;
        return newEvent(payoutSent, { payoutId, facilityId, items: items.length, sentAt }, event);
      }),
    );
  }
}
