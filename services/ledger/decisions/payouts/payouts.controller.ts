import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Uuid } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import {
  Correlation,
  decodeCursor,
  Idempotency,
  Idempotent,
  type IdempotentRequest,
  notFound,
  PathValue,
  pageOf,
} from '#libs/http';
import type { Cause } from '#libs/messaging';
import { PersonDto } from '../../person.dto.ts';
import { PayoutPage, PayoutProposalDto, PayoutQuery, PayoutView, RejectionDto, ReviewDto } from './payout.dto.ts';
import { PayoutRepository } from './payout.repository.ts';
import { PayoutsService } from './payouts.service.ts';

@ApiTags('payouts')
@Controller('v1/payouts')
export class PayoutsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly payouts: PayoutsService,
    private readonly repository: PayoutRepository,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Propose to pay everybody of a facility what is available' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: PayoutView })
  @ApiConflictResponse({ description: 'nothing is available' })
  propose(
    @Idempotent() request: IdempotentRequest,
    @Body() proposal: PayoutProposalDto,
    @Correlation() cause: Cause,
  ): Promise<PayoutView> {
    return this.idempotency.once(request, async (transaction) =>
      this.#viewOf(transaction, await this.payouts.propose(transaction, proposal, cause)),
    );
  }

  @Get()
  @ApiOkResponse({ type: PayoutPage })
  async list(@Query() { facilityId, cursor, limit }: PayoutQuery): Promise<PayoutPage> {
    const payouts = await this.repository.list({ facilityId, after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(payouts, limit, ({ payoutId }) => payoutId);
  }

  @Get(':payoutId')
  @ApiOkResponse({ type: PayoutView })
  @ApiNotFoundResponse()
  get(@PathValue('payoutId', Uuid) payoutId: string): Promise<PayoutView> {
    return this.#viewOf(this.database, payoutId);
  }

  @Post(':payoutId/review')
  @HttpCode(200)
  @ApiOperation({ summary: 'Somebody has looked at who gets how much; items may be left out' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: PayoutView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'not proposed, or nothing would be left' })
  review(
    @PathValue('payoutId', Uuid) payoutId: string,
    @Idempotent() request: IdempotentRequest,
    @Body() { by, exclude }: ReviewDto,
  ): Promise<PayoutView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.payouts.review(transaction, payoutId, by, exclude);
      return this.#viewOf(transaction, payoutId);
    });
  }

  @Post(':payoutId/approval')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reserve its money and send it to the bank; by who neither proposed nor reviewed it' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: PayoutView })
  @ApiNotFoundResponse()
  @ApiForbiddenResponse({ description: 'by who proposed or reviewed it' })
  @ApiConflictResponse({ description: 'not reviewed, decided already, or something is no longer available' })
  approve(
    @PathValue('payoutId', Uuid) payoutId: string,
    @Idempotent() request: IdempotentRequest,
    @Body() { by }: PersonDto,
    @Correlation() cause: Cause,
  ): Promise<PayoutView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.payouts.approve(transaction, payoutId, by, cause);
      return this.#viewOf(transaction, payoutId);
    });
  }

  @Post(':payoutId/rejection')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: PayoutView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'decided already' })
  reject(
    @PathValue('payoutId', Uuid) payoutId: string,
    @Idempotent() request: IdempotentRequest,
    @Body() { by, reason }: RejectionDto,
  ): Promise<PayoutView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.payouts.reject(transaction, payoutId, by, reason);
      return this.#viewOf(transaction, payoutId);
    });
  }

  @Post(':payoutId/withdrawal')
  @HttpCode(200)
  @ApiOperation({ summary: 'By who proposed it, before it is approved' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: PayoutView })
  @ApiNotFoundResponse()
  @ApiForbiddenResponse({ description: 'by another than who proposed it' })
  @ApiConflictResponse({ description: 'decided already' })
  withdraw(
    @PathValue('payoutId', Uuid) payoutId: string,
    @Idempotent() request: IdempotentRequest,
    @Body() { by }: PersonDto,
  ): Promise<PayoutView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.payouts.withdraw(transaction, payoutId, by);
      return this.#viewOf(transaction, payoutId);
    });
  }

  async #viewOf(reader: Pick<Transaction, 'query'>, payoutId: string): Promise<PayoutView> {
    const payout = await this.repository.find(reader, payoutId);
    if (!payout) throw notFound('Payout', payoutId);
    const counted = payout.items.filter(({ status }) => status !== 'rejected');
    return { ...payout, total: counted.reduce((sum, { amount }) => sum + amount, 0) };
  }
}
