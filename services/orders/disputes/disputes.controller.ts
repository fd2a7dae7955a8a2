import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Asking, type Principal, param } from '#libs/access';
import { orderIdOf, refundIdOf, StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { Correlation, notFound, PathValue, Problem } from '#libs/http';
import type { Cause } from '#libs/messaging';
import { OrderRepository } from '../orders/order.repository.ts';
import { Allow } from '../policy.ts';
import { askedBy } from '../process/asked-by.ts';
import { type Dispute, findDispute, type OrderState } from '../process/order-process.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import { ProcessService } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';
import { disputeViewOf } from '../views/order-view.ts';
import { DisputeAnswerView, DisputeClosingDto, DisputeDto } from './dispute.dto.ts';
import { DisputesService, type DisputeWord } from './disputes.service.ts';

/** A dispute is opened once and closed once, whoever says so how often: these need no key. */
@ApiTags('disputes')
@Controller('v1/orders/:channel/:orderRef')
export class DisputesController {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
    private readonly process: ProcessService,
    private readonly disputes: DisputesService,
  ) {}

  @Allow('dispute.tell', param('channel'))
  @Post('disputes')
  @HttpCode(202)
  @ApiOperation({
    summary: 'A buyer disputes units of a line',
    description: 'Nothing of their sale is released until it is closed.',
  })
  @ApiAcceptedResponse({ type: DisputeAnswerView })
  @ApiNotFoundResponse({ description: 'there is no such order' })
  @ApiConflictResponse({ description: 'another dispute of this reference came before' })
  open(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @Body() body: DisputeDto,
    @Asking() principal: Principal,
    @Correlation() correlation: Cause,
  ): Promise<DisputeAnswerView> {
    return this.#tell({ channel, orderRef, ...body }, askedBy(principal, channel, correlation));
  }

  @Allow('dispute.tell', param('channel'))
  @Post('dispute-closings')
  @HttpCode(202)
  @ApiOperation({
    summary: 'A dispute is closed, for the seller or for the buyer',
    description: 'For the buyer it is a refund of the units that it names. It needs no opening before it.',
  })
  @ApiAcceptedResponse({ type: DisputeAnswerView })
  @ApiNotFoundResponse({ description: 'there is no such order' })
  @ApiConflictResponse({
    description: 'it was closed otherwise before, or a refund of its reference is another or was rejected',
  })
  close(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @Body() body: DisputeClosingDto,
    @Asking() principal: Principal,
    @Correlation() correlation: Cause,
  ): Promise<DisputeAnswerView> {
    const closedAt = new Date().toISOString();
    return this.#tell({ channel, orderRef, ...body, closedAt }, askedBy(principal, channel, correlation));
  }

  #tell(word: DisputeWord, cause: Origin): Promise<DisputeAnswerView> {
    const orderId = orderIdOf(word);
    const disputeId = refundIdOf(orderId, word.lineRef, word.disputeRef);
    return this.database.transaction(async (transaction) => {
      if ((await this.orders.find(transaction, [orderId])).size === 0) throw notFound('Order', orderId);
      const claimed = await this.processes.claim(transaction, { known: [orderId] });
      const said = await this.disputes.prepare(transaction, claimed, [{ word, cause }], { awaitCheckout: false });
      const [outcome] = said.answers;
      if (outcome !== 'taken' && outcome !== 'duplicate') {
        throw new Problem({
          status: 409,
          title: 'Said otherwise before',
          detail: `Another word about dispute ${disputeId} came before. It stands.`,
        });
      }
      await this.process.deliver(transaction, claimed, said.deliveries);
      const dispute = findDispute(claimed.get(orderId) as OrderState, disputeId) as Dispute;
      return { outcome, dispute: disputeViewOf(dispute) };
    });
  }
}
