import { Controller } from '@nestjs/common';
import {
  channelCharged,
  type DataOf,
  type Event,
  orderCancelled,
  orderPaid,
  orderPlaced,
  paymentCaptured,
  paymentRefunded,
  refundRequested,
  settlementConfirmed,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler } from '#libs/messaging';
import { ExternalRecordRepository } from './external-record.repository.ts';
import { recordsOf } from './external-record.ts';

/** What orders and payments say of what they sold, captured, gave back, settled: kept to be compared, posted by others. */
@Controller()
export class ExternalRecordsListener {
  constructor(private readonly records: ExternalRecordRepository) {}

  @EventHandler(orderPlaced, orderPaid, orderCancelled, refundRequested)
  async onOrders(
    events: Event<DataOf<typeof orderPlaced | typeof orderPaid | typeof orderCancelled | typeof refundRequested>>[],
    transaction: Transaction,
  ): Promise<void> {
    await this.records.keep(transaction, recordsOf(events));
  }

  @EventHandler(paymentCaptured, paymentRefunded, settlementConfirmed, channelCharged)
  async onPayments(
    events: Event<
      DataOf<typeof paymentCaptured | typeof paymentRefunded | typeof settlementConfirmed | typeof channelCharged>
    >[],
    transaction: Transaction,
  ): Promise<void> {
    await this.records.keep(transaction, recordsOf(events));
  }
}
