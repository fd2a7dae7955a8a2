import { Module } from '@nestjs/common';
import { DisbursementRepository } from './disbursements/disbursement.repository.ts';
import { DisbursementsController } from './disbursements/disbursements.controller.ts';
import { PayoutsListener } from './disbursements/payouts.listener.ts';
import { GatewayController } from './gateway/gateway.controller.ts';
import { OrdersListener } from './payment/orders.listener.ts';
import { PaymentController } from './payment/payment.controller.ts';
import { PaymentRepository } from './payment/payment.repository.ts';
import { PaymentService } from './payment/payment.service.ts';
import { SettlementRepository } from './settlements/settlement.repository.ts';
import { SettlementsController } from './settlements/settlements.controller.ts';

@Module({
  controllers: [
    OrdersListener,
    PayoutsListener,
    DisbursementsController,
    GatewayController,
    PaymentController,
    SettlementsController,
  ],
  providers: [PaymentService, PaymentRepository, SettlementRepository, DisbursementRepository],
})
export class PaymentsModule {}
