import { Module } from '@nestjs/common';
import { BooksModule } from '../books/books.module.ts';
import { SalesModule } from '../sales/sales.module.ts';
import { SharingModule } from '../sharing/sharing.module.ts';
import { AdjustmentRepository } from './adjustments/adjustment.repository.ts';
import { AdjustmentsController } from './adjustments/adjustments.controller.ts';
import { AdjustmentsService } from './adjustments/adjustments.service.ts';
import { AssignmentsController } from './adjustments/assignments.controller.ts';
import { DepositRepository } from './deposits/deposit.repository.ts';
import { DepositsController } from './deposits/deposits.controller.ts';
import { DepositsService } from './deposits/deposits.service.ts';
import { CustodyEndsService } from './maker-events/custody-ends.service.ts';
import { MakerEventRepository } from './maker-events/maker-event.repository.ts';
import { MakerEventsController } from './maker-events/maker-events.controller.ts';
import { MakerEventsService } from './maker-events/maker-events.service.ts';
import { ObligationRepository } from './obligations/obligation.repository.ts';
import { ObligationsController } from './obligations/obligations.controller.ts';
import { DisbursementsListener } from './payouts/disbursements.listener.ts';
import { PayoutRepository } from './payouts/payout.repository.ts';
import { PayoutsController } from './payouts/payouts.controller.ts';
import { PayoutsService } from './payouts/payouts.service.ts';

/** What people decide, by more than one person. */
@Module({
  imports: [BooksModule, SharingModule, SalesModule],
  controllers: [
    PayoutsController, // /v1/payouts: proposed, approved by a second person -> payout-approved
    DisbursementsListener, // disbursement-paid, -failed: payouts in the books
    DepositsController, // /v1/deposits: PNBP billed and paid to the state
    AdjustmentsController, // /v1/adjustments, openings, write-offs: drafted, approved by a second person
    AssignmentsController, // /v1/holds/…/assignment: what is held of no known order is a facility's
    ObligationsController, // GET /v1/obligations: what makers have to pay to beneficiaries
    MakerEventsController, // /v1/maker-events: transfer, release, freeze, merge; drafted, approved by a second person
  ],
  providers: [
    PayoutsService,
    PayoutRepository,
    DepositsService,
    DepositRepository,
    AdjustmentsService,
    AdjustmentRepository,
    ObligationRepository,
    MakerEventsService,
    MakerEventRepository,
    CustodyEndsService, // -> custody-ended, two years after a release
  ],
  exports: [AdjustmentsService],
})
export class DecisionsModule {}
