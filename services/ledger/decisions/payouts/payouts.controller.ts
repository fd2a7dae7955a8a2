import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { By, body, list, row } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { Decidable, Decides, RejectionDto } from '#libs/decisions';
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
import { Allow } from '../../policy.ts';
import { PayoutPage, PayoutProposalDto, PayoutQuery, PayoutSummaryView, PayoutView, ReviewDto } from './payout.dto.ts';
import { PayoutRepository } from './payout.repository.ts';
import { decisionOf, PAYOUT_FROM } from './payout.ts';
import { PayoutsService } from './payouts.service.ts';

@Decidable<PayoutSummaryView>((view) => ({ decision: decisionOf(view), facilityId: view.facilityId }), PAYOUT_FROM)
@ApiTags('payouts')
@Controller('v1/payouts')
export class PayoutsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly payouts: PayoutsService,
    private readonly repository: PayoutRepository,
  ) {}

  @Allow('payout.propose', body('facilityId'))
  @Post()
  @ApiOperation({ summary: 'Propose to pay everybody of a facility what is available' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: PayoutView })
  @ApiConflictResponse({ description: 'nothing is available' })
  propose(
    @Idempotent() request: IdempotentRequest,
    @By() by: string,
    @Body() proposal: PayoutProposalDto,
    @Correlation() cause: Cause,
  ): Promise<PayoutView> {
    return this.idempotency.once(request, async (transaction) =>
      this.#viewOf(transaction, await this.payouts.propose(transaction, { ...proposal, by }, cause)),
    );
  }

  @Allow('payout.read', list)
  @Get()
  @ApiOkResponse({ type: PayoutPage })
  async list(@Query() { facilityId, status, cursor, limit }: PayoutQuery): Promise<PayoutPage> {
    const payouts = await this.repository.list({
      facilityId,
      status,
      after: decodeCursor(cursor, Uuid),
      limit: limit + 1,
    });
    return pageOf(payouts, limit, ({ payoutId }) => payoutId);
  }

  @Allow('payout.read', row)
  @Get(':payoutId')
  @ApiOkResponse({ type: PayoutView })
  @ApiNotFoundResponse()
  get(@PathValue('payoutId', Uuid) payoutId: string): Promise<PayoutView> {
    return this.database.transaction((transaction) => this.#viewOf(transaction, payoutId));
  }

  /** Somebody has looked at who gets how much; items may be left out. */
  @Allow('payout.review', row)
  @Decides('review', ':payoutId', PayoutView, { conflict: 'nothing would be left' })
  review(
    @PathValue('payoutId', Uuid) payoutId: string,
    @By() by: string,
    @Body() { exclude }: ReviewDto,
  ): Promise<PayoutView> {
    return this.#decided(payoutId, (transaction) => this.payouts.review(transaction, payoutId, by, exclude));
  }

  /** Reserves its money and sends it to the bank; by who neither proposed nor reviewed it. */
  @Allow('payout.approve', row)
  @Decides('approval', ':payoutId', PayoutView, { conflict: 'something is no longer available' })
  approve(
    @PathValue('payoutId', Uuid) payoutId: string,
    @By() by: string,
    @Correlation() cause: Cause,
  ): Promise<PayoutView> {
    return this.#decided(payoutId, (transaction) => this.payouts.approve(transaction, payoutId, by, cause));
  }

  @Allow('payout.reject', row)
  @Decides('rejection', ':payoutId', PayoutView)
  reject(
    @PathValue('payoutId', Uuid) payoutId: string,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<PayoutView> {
    return this.#decided(payoutId, (transaction) => this.payouts.reject(transaction, payoutId, by, reason));
  }

  @Allow('payout.propose', row)
  @Decides('withdrawal', ':payoutId', PayoutView)
  withdraw(@PathValue('payoutId', Uuid) payoutId: string, @By() by: string): Promise<PayoutView> {
    return this.#decided(payoutId, (transaction) => this.payouts.withdraw(transaction, payoutId, by));
  }

  #decided(payoutId: string, step: (transaction: Transaction) => Promise<void>): Promise<PayoutView> {
    return this.database.transaction(async (transaction) => {
      await step(transaction);
      return this.#viewOf(transaction, payoutId);
    });
  }

  async #viewOf(transaction: Transaction, payoutId: string): Promise<PayoutView> {
    const payout = await this.repository.find(transaction, payoutId);
    if (!payout) throw notFound('Payout', payoutId);
    const { items } = payout;
    const counts = [...Map.groupBy(items, ({ status }) => status)].map(([status, of]) => ({
      status,
      items: of.length,
      amount: sumOf(of),
    }));
    return {
      ...payout,
      total: sumOf(items.filter(({ status }) => status !== 'rejected')),
      counts,
      leftOut: await this.payouts.leftOut(transaction, payout),
    };
  }
}

function sumOf(items: readonly { readonly amount: number }[]): number {
  return items.reduce((sum, { amount }) => sum + amount, 0);
}
