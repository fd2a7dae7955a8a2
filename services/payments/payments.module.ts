import { Module } from '@nestjs/common';
import { GatewayController } from './gateway/gateway.controller.ts';
import { OrdersListener } from './payment/orders.listener.ts';
import { PaymentController } from './payment/payment.controller.ts';
import { PaymentRepository } from './payment/payment.repository.ts';
import { PaymentService } from './payment/payment.service.ts';

@Module({
  controllers: [OrdersListener, GatewayController, PaymentController],
  providers: [PaymentService, PaymentRepository],
})
export class PaymentsModule {}
