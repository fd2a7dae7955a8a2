import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Asking, body, channelList, channelsOf, InScope, type Principal, type Scope } from '#libs/access';
import { orderIdOf, Uuid } from '#libs/contracts';
import { Database } from '#libs/database';
import {
  Correlation,
  decodeCursor,
  Idempotency,
  Idempotent,
  type IdempotentRequest,
  Problem,
  pageOf,
  TakesUpTo,
} from '#libs/http';
import type { Cause } from '#libs/messaging';
import { Allow } from '../policy.ts';
import { askedBy } from '../process/asked-by.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import { type Acceptance, AcceptanceService } from './acceptance.service.ts';
import { CheckoutAnswerView, CheckoutDto, RejectedCheckoutPage, RejectedCheckoutQuery } from './checkout.dto.ts';
import { RejectedCheckoutRepository } from './rejected-checkout.repository.ts';

@ApiTags('checkouts')
@Controller('v1')
export class CheckoutsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly processes: ProcessRepository,
    private readonly acceptance: AcceptanceService,
    private readonly rejections: RejectedCheckoutRepository,
  ) {}

  @Allow('checkout.send', body('channel'))
  @TakesUpTo(1_048_576)
  @Post('checkouts')
  @HttpCode(202)
  @ApiOperation({ summary: 'A buyer has checked out', description: 'The same as marketplace.checkout-completed.v1.' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ type: CheckoutAnswerView })
  @ApiConflictResponse({ description: 'another checkout of this reference came before and stands' })
  @ApiUnprocessableEntityResponse({
    description: 'breaks a rule: kept as a rejected order; or the key was used before',
  })
  async checkOut(
    @Idempotent() request: IdempotentRequest,
    @Body() checkout: CheckoutDto,
    @Asking() principal: Principal,
    @Correlation() cause: Cause,
  ): Promise<CheckoutAnswerView> {
    const orderId = orderIdOf(checkout);
    // Refusals commit as well: a rejected order can be seen, and a repetition is answered alike.
    const acceptance = await this.idempotency.once(request, async (transaction) => {
      const claimed = await this.processes.claim(transaction, { told: [orderId] });
      const [one] = await this.acceptance.accept(transaction, claimed, [
        { content: checkout, cause: askedBy(principal, checkout.channel, cause) },
      ]);
      return one as Acceptance;
    });
    switch (acceptance.outcome) {
      case 'conflict':
        throw new Problem({
          status: 409,
          title: 'Another checkout has this reference',
          detail: `Order ${orderId} came before with other content. It stands; this one is among the rejected checkouts.`,
        });
      case 'invalid':
        throw new Problem({
          status: 422,
          title: 'Checkout breaks a rule',
          detail: `Order ${orderId} is rejected. A corrected checkout may take its place.`,
          errors: acceptance.faults.map((fault) => ({ ...fault, field: fault.field.replaceAll('/', '.') })),
        });
      default:
        return { orderId, outcome: acceptance.outcome };
    }
  }

  @Allow('rejected-checkout.list', channelList)
  @Get('rejected-checkouts')
  @ApiOperation({ summary: 'What marketplaces sent and we could not take, newest first' })
  @ApiOkResponse({ type: RejectedCheckoutPage })
  async rejected(
    @Query() { channel, cursor, limit }: RejectedCheckoutQuery,
    @InScope() scope: Scope,
  ): Promise<RejectedCheckoutPage> {
    const rows = await this.rejections.list(
      this.database,
      { before: decodeCursor(cursor, Uuid), channels: channelsOf(scope, channel) },
      limit + 1,
    );
    return pageOf(rows, limit, ({ rejectionId }) => rejectionId);
  }
}
