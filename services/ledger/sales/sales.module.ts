import { Module } from '@nestjs/common';
import { BooksModule } from '../books/books.module.ts';
import { SharingModule } from '../sharing/sharing.module.ts';
import { ChargesService } from './charges/charges.service.ts';
import { DisputeRepository } from './disputes/dispute.repository.ts';
import { DisputesService } from './disputes/disputes.service.ts';
import { ExternalRecordRepository } from './external-records/external-record.repository.ts';
import { ExternalRecordsListener } from './external-records/external-records.listener.ts';
import { HeldSalesService } from './holds/held-sales.service.ts';
import { HoldRepository } from './holds/hold.repository.ts';
import { HoldsService } from './holds/holds.service.ts';
import { ReleaseTimerService } from './releases/release-timer.service.ts';
import { ReleasesService } from './releases/releases.service.ts';
import { EventPostingService } from './sales/event-posting.service.ts';
import { RefusedEventRepository } from './sales/refused-event.repository.ts';
import { RefusedEventsController } from './sales/refused-events.controller.ts';
import { RefusedEventsService } from './sales/refused-events.service.ts';
import { SaleRepository } from './sales/sale.repository.ts';
import { SaleEventsService } from './sales/sale-events.service.ts';
import { SaleLineRepository } from './sales/sale-line.repository.ts';
import { SalesListener } from './sales/sales.listener.ts';
import { SalesService } from './sales/sales.service.ts';
import { DifferencesService } from './settlements/differences.service.ts';
import { SettlementsService } from './settlements/settlements.service.ts';
import { EarlyWithdrawalsService } from './withdrawals/early-withdrawals.service.ts';
import { WalletRepository } from './withdrawals/wallet.repository.ts';
import { WithdrawalsListener } from './withdrawals/withdrawals.listener.ts';
import { WithdrawalsService } from './withdrawals/withdrawals.service.ts';

/** What orders and payments tell: sales credited, given back, settled, released; wallets withdrawn from. */
@Module({
  imports: [BooksModule, SharingModule],
  controllers: [
    SalesListener, // sale-paid -> sale-credited | -held; sale-refunded -> refund-posted; sale-settled; sale-frozen, -thawed; money-held, -cleared; charge-borne, -cleared
    WithdrawalsListener, // wallet-withdrawn: from the wallet of a channel to a bank
    ExternalRecordsListener, // what orders and payments say: to be compared with what is posted
    RefusedEventsController, // /v1/refused-events: what could not be posted; redriven, or discarded by two persons
  ],
  providers: [
    SalesService,
    SaleEventsService,
    EventPostingService,
    SaleRepository,
    SaleLineRepository,
    RefusedEventRepository,
    RefusedEventsService,
    SettlementsService,
    DifferencesService,
    ReleasesService,
    DisputesService,
    DisputeRepository,
    ReleaseTimerService,
    HoldsService,
    HoldRepository,
    ChargesService,
    WithdrawalsService,
    WalletRepository,
    EarlyWithdrawalsService,
    HeldSalesService,
    ExternalRecordRepository,
  ],
  exports: [
    EventPostingService,
    SaleRepository,
    SaleLineRepository,
    DifferencesService,
    HoldsService,
    HoldRepository,
    ExternalRecordRepository,
  ],
})
export class SalesModule {}
