import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { orderIdOf } from '#libs/contracts';
import { Database } from '#libs/database';
import { Correlation, notFound, Problem } from '#libs/http';
import type { Cause } from '#libs/messaging';
import { PaymentView, viewOf } from '../payments/payment.dto.ts';
import type { Payment } from '../payments/payment.ts';
import { PaymentsService, RefusedNotice } from '../payments/payments.service.ts';
import { Allow } from '../policy.ts';
import { GatewayNoticeParameters } from './gateway.dto.ts';

/** A payment gateway to play with: each call is a webhook that a real one would send. */
@ApiTags('sandbox gateway')
@Controller('v1/sandbox/payments')
export class GatewayController {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentsService,
  ) {}

  @Allow('sandbox.play')
  @Post(':channel/:orderRef/:notice')
  @HttpCode(200)
  @ApiOperation({
    summary: 'The gateway says: captured, failed, expired, or that all refunds asked for went out',
    description:
      'May come twice, late or in the wrong order: what was heard before changes nothing, and money that comes after ' +
      'the order is over goes back at once.',
  })
  @ApiOkResponse({ type: PaymentView, description: 'the payment as it is now' })
  @ApiNotFoundResponse({ description: 'no payment is known for this order' })
  @ApiConflictResponse({ description: 'contradicts what is known: nothing is changed' })
  async receive(
    @Param() { channel, orderRef, notice }: GatewayNoticeParameters,
    @Correlation() cause: Cause,
  ): Promise<PaymentView> {
    const orderId = orderIdOf({ channel, orderRef });
    const message = { type: notice, at: new Date().toISOString() };
    const payments = await this.database
      .transaction((transaction) => this.payments.apply(transaction, [{ orderId, message, cause }]))
      .catch((error: unknown) => {
        throw error instanceof RefusedNotice ? problemOf(error) : error;
      });
    return viewOf(payments.get(orderId) as Payment);
  }
}

function problemOf({ payment, orderId, reason }: RefusedNotice): Problem {
  if (!payment) return notFound('Payment', orderId);
  return new Problem({ status: 409, title: 'Contradicts the payment', detail: `${orderId}: ${reason}.` });
}
