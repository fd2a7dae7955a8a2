import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { body } from '#libs/access';
import { orderIdOf, settlementConfirmed, settlementIdOf } from '#libs/contracts';
import { Correlation, Idempotency, Idempotent, type IdempotentRequest, Problem } from '#libs/http';
import { type Cause, newEvent, Outbox } from '#libs/messaging';
import { PaymentRepository } from '../payments/payment.repository.ts';
import { Allow } from '../policy.ts';
import { SettlementAnswerView, SettlementDto } from './settlement.dto.ts';
import { SettlementRepository } from './settlement.repository.ts';
import { faultOfSum, faultsOf } from './settlement.ts';

/** What channels report about the money they held for us. */
@ApiTags('settlements')
@Controller('v1/settlements')
export class SettlementsController {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly payments: PaymentRepository,
    private readonly settlements: SettlementRepository,
    private readonly outbox: Outbox,
  ) {}

  @Allow('settlement.report', body('channel'))
  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'A channel paid out what it held for an order, or for its sale at one facility',
    description:
      'It clears expected fee and shipping, and once nothing more is to come, and it agrees with the books within what ' +
      'the terms of the channel tolerate, makes the sale’s money available. A later line of the same order settles ' +
      'what was refunded since. Of an order that is not there, or whose goods nobody knows, the books hold it until they ' +
      'come.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ type: SettlementAnswerView })
  @ApiConflictResponse({ description: 'another line of this reference came before' })
  async settle(
    @Idempotent() idempotent: IdempotentRequest,
    @Body() { channel, orderRef, settlementRef, settledAt, ...amounts }: SettlementDto,
    @Correlation() cause: Cause,
  ): Promise<SettlementAnswerView> {
    const orderId = orderIdOf({ channel, orderRef });
    const settlementId = settlementIdOf(orderId, settlementRef);
    const settlement = { settlementId, orderId, ...amounts, settledAt: new Date(settledAt).toISOString() };
    return this.idempotency.once(idempotent, async (transaction) => {
      const payment = (await this.payments.find(transaction, [orderId])).get(orderId);
      const paid = payment?.amount ?? Math.abs(amounts.revenue);
      const errors = [...faultOfSum(amounts), ...faultsOf(amounts, paid)];
      if (errors.length > 0) throw new Problem({ status: 422, title: 'Not bookable', errors });
      const outcome = await this.settlements.add(transaction, settlement);
      if (outcome === 'conflict') {
        throw new Problem({
          status: 409,
          title: 'Another settlement has this reference',
          detail: `Settlement ${settlementId} came before with other content. It stands.`,
        });
      }
      if (outcome === 'confirmed') {
        const { correlationId } = payment ?? cause;
        await this.outbox.append(transaction, [newEvent(settlementConfirmed, settlement, { ...cause, correlationId })]);
      }
      return { settlementId, outcome };
    });
  }
}
