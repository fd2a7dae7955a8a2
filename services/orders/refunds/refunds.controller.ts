import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Asking, type Principal, param } from '#libs/access';
import { orderIdOf, refundIdOf, StoredText } from '#libs/contracts';
import { Correlation, Idempotency, Idempotent, type IdempotentRequest, notFound, PathValue, Problem } from '#libs/http';
import type { Cause } from '#libs/messaging';
import { OrderRepository } from '../orders/order.repository.ts';
import { Allow } from '../policy.ts';
import { askedBy } from '../process/asked-by.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import type { Origin } from '../process/step.ts';
import { RefundAnswerView, RefundDto } from './refund.dto.ts';
import { type RefundAnswer, RefundsService } from './refunds.service.ts';

@ApiTags('refunds')
@Controller('v1/orders/:channel/:orderRef')
export class RefundsController {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
    private readonly refunds: RefundsService,
  ) {}

  @Allow('refund.request', param('channel'))
  @Post('refunds')
  @HttpCode(202)
  @ApiOperation({ summary: 'Give a buyer money back for units of one line', description: 'It waits for its sale.' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ type: RefundAnswerView })
  @ApiNotFoundResponse({ description: 'there is no such order' })
  @ApiConflictResponse({ description: 'another refund of this reference came before' })
  async refund(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @Idempotent() idempotent: IdempotentRequest,
    @Body() body: RefundDto,
    @Asking() principal: Principal,
    @Correlation() correlation: Cause,
  ): Promise<RefundAnswerView> {
    return this.#ask({ channel, orderRef }, body, idempotent, askedBy(principal, channel, correlation));
  }

  @Allow('refund.request', param('channel'))
  @Post('cancellations')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Give a buyer money back for units of one line that were not shipped',
    description: 'A refund of goods that can be sold again.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ type: RefundAnswerView })
  @ApiNotFoundResponse({ description: 'there is no such order' })
  @ApiConflictResponse({ description: 'another refund of this reference came before' })
  async cancel(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @Idempotent() idempotent: IdempotentRequest,
    @Body() body: RefundDto,
    @Asking() principal: Principal,
    @Correlation() correlation: Cause,
  ): Promise<RefundAnswerView> {
    const cause = askedBy(principal, channel, correlation);
    return this.#ask({ channel, orderRef }, body, idempotent, cause, { unshipped: true });
  }

  async #ask(
    order: { readonly channel: string; readonly orderRef: string },
    body: RefundDto,
    idempotent: IdempotentRequest,
    cause: Origin,
    of: { readonly unshipped?: true } = {},
  ): Promise<RefundAnswerView> {
    const orderId = orderIdOf(order);
    const refundId = refundIdOf(orderId, body.lineRef, body.refundRef);
    const requestedAt = new Date().toISOString();
    const outcome = await this.idempotency.once(idempotent, async (transaction): Promise<RefundAnswer> => {
      if ((await this.orders.find(transaction, [orderId])).size === 0) throw notFound('Order', orderId);
      const request = { ...order, ...body, requestedAt };
      const claimed = await this.processes.claim(transaction, { known: [orderId] });
      const submission = { request, cause, ...of };
      const [answer] = await this.refunds.ask(transaction, claimed, [submission], { awaitCheckout: false });
      return answer as RefundAnswer;
    });
    if (outcome === 'conflict') {
      throw new Problem({
        status: 409,
        title: 'Another refund has this reference',
        detail: `Refund ${refundId} came before with other content. It stands.`,
      });
    }
    return { refundId, outcome };
  }
}
