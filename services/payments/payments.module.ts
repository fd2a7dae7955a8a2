import { Module } from '@nestjs/common';
import { FacilitiesListener } from '#libs/access';
import { DisbursementRepository } from './disbursements/disbursement.repository.ts';
import { DisbursementsController } from './disbursements/disbursements.controller.ts';
import { PayoutsListener } from './disbursements/payouts.listener.ts';
import { ExceptionRepository } from './exceptions/exception.repository.ts';
import { ExceptionsController } from './exceptions/exceptions.controller.ts';
import { GatewayController } from './gateway/gateway.controller.ts';
import { OrdersListener } from './payments/orders.listener.ts';
import { PaymentRepository } from './payments/payment.repository.ts';
import { PaymentsController } from './payments/payments.controller.ts';
import { PaymentsService } from './payments/payments.service.ts';
import { SettlementFilesController } from './settlements/files/settlement-files.controller.ts';
import { SettlementFilesService } from './settlements/files/settlement-files.service.ts';
import { SettlementRowsService } from './settlements/files/settlement-rows.service.ts';
import { SettlementRepository } from './settlements/settlement.repository.ts';
import { SettlementsController } from './settlements/settlements.controller.ts';

@Module({
  controllers: [
    OrdersListener,
    FacilitiesListener,
    PayoutsListener,
    DisbursementsController,
    GatewayController,
    PaymentsController,
    SettlementsController,
    SettlementFilesController,
    ExceptionsController,
  ],
  providers: [
    PaymentsService,
    PaymentRepository,
    SettlementRepository,
    SettlementRowsService,
    SettlementFilesService,
    ExceptionRepository,
    DisbursementRepository,
  ],
})
export class PaymentsModule {}
