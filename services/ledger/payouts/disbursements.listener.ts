import { Controller } from '@nestjs/common';
import { disbursementFailed, disbursementPaid, type Event } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import type { BankAnswer } from './payout.ts';
import { PayoutsService } from './payouts.service.ts';

/** What became of the payments that payouts asked for. */
@Controller()
export class DisbursementsListener {
  constructor(private readonly payouts: PayoutsService) {}

  @EventHandler(disbursementPaid, disbursementFailed)
  onAnswers(events: Event<BankAnswer['data']>[], transaction: Transaction): Promise<void> {
    return this.payouts.answer(transaction, events);
  }
}
