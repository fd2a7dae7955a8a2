import { Module } from '@nestjs/common';
import { DatabaseModule } from '#libs/database';
import { MessagingModule, messagingMigrations } from '#libs/messaging';
import { GatewayController } from './gateway/gateway.controller.ts';
import { CreatePayment1764000000000 } from './migrations/1764000000000-create-payment.ts';
import { OrdersListener } from './payment/orders.listener.ts';
import { PaymentController } from './payment/payment.controller.ts';
import { PaymentRepository } from './payment/payment.repository.ts';
import { PaymentService } from './payment/payment.service.ts';

@Module({
  imports: [
    DatabaseModule.forRoot({ migrations: [...messagingMigrations, CreatePayment1764000000000] }),
    MessagingModule.forRoot({ service: 'payments' }),
  ],
  controllers: [OrdersListener, GatewayController, PaymentController],
  providers: [PaymentService, PaymentRepository],
})
export class PaymentsModule {}
