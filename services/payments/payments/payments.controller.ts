import { Controller, Get } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { param } from '#libs/access';
import { orderIdOf, StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { notFound, PathValue } from '#libs/http';
import { Allow } from '../policy.ts';
import { PaymentView, viewOf } from './payment.dto.ts';
import { PaymentRepository } from './payment.repository.ts';

@ApiTags('payments')
@Controller('v1/payments')
export class PaymentsController {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
  ) {}

  @Allow('payment.read', param('channel'))
  @Get(':channel/:orderRef')
  @ApiOkResponse({ type: PaymentView })
  @ApiNotFoundResponse({ description: 'no payment is known for this order' })
  async get(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
  ): Promise<PaymentView> {
    const orderId = orderIdOf({ channel, orderRef });
    const payment = (await this.payments.find(this.database, [orderId])).get(orderId);
    if (!payment) throw notFound('Payment', orderId);
    return viewOf(payment);
  }
}
