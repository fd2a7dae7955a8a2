import { Controller } from '@nestjs/common';
import { type DataOf, disbursementFailed, disbursementPaid, type Event, payoutSent } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { ExternalRecordRepository } from '../../sales/external-records/external-record.repository.ts';
import { recordsOf } from '../../sales/external-records/external-record.ts';
import { openBooksFor } from '../../sales/sales/event-posting.service.ts';
import type { BankAnswer } from './payout.ts';
import { PayoutsService } from './payouts.service.ts';

/** What became of the payments that payouts asked for. */
@Controller()
export class DisbursementsListener {
  constructor(
    private readonly payouts: PayoutsService,
    private readonly records: ExternalRecordRepository,
  ) {}

  @EventHandler(payoutSent)
  onSent(events: Event<DataOf<typeof payoutSent>>[], transaction: Transaction): Promise<void> {
    return this.payouts.sent(transaction, events);
  }

  @EventHandler(disbursementPaid, disbursementFailed)
  async onAnswers(events: Event<BankAnswer['data']>[], transaction: Transaction): Promise<void> {
    const books = await openBooksFor(transaction, events);
    await this.payouts.answer(books, events);
    await this.records.keep(transaction, recordsOf(events));
  }
}
