import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { list } from '#libs/access';
import { disbursementFailed, disbursementPaid, Uuid } from '#libs/contracts';
import { Database } from '#libs/database';
import { Correlation, decodeCursor, notFound, PathValue, Problem, pageOf } from '#libs/http';
import { type Cause, newEvent, Outbox } from '#libs/messaging';
import { Allow } from '../policy.ts';
import { DisbursementPage, DisbursementQuery, DisbursementView, FailureDto } from './disbursement.dto.ts';
import { DisbursementRepository } from './disbursement.repository.ts';
import { type BankNotice, transition } from './disbursement.ts';

/** Payments to makers and beneficiaries, and a bank to play with: each POST is what a real one would tell us. */
@ApiTags('disbursements')
@Controller('v1')
export class DisbursementsController {
  constructor(
    private readonly database: Database,
    private readonly disbursements: DisbursementRepository,
    private readonly outbox: Outbox,
  ) {}

  @Allow('disbursement.list', list)
  @Get('disbursements')
  @ApiOkResponse({ type: DisbursementPage })
  async list(@Query() { cursor, limit, ...filter }: DisbursementQuery): Promise<DisbursementPage> {
    const rows = await this.disbursements.list({ ...filter, after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(rows, limit, ({ itemId }) => itemId);
  }

  @Allow('sandbox.play')
  @Post('sandbox/disbursements/:itemId/pay')
  @HttpCode(200)
  @ApiOperation({ summary: 'The bank has paid it', description: 'May be said again: nothing changes.' })
  @ApiOkResponse({ type: DisbursementView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'it failed before' })
  pay(@PathValue('itemId', Uuid) itemId: string, @Correlation() cause: Cause): Promise<DisbursementView> {
    return this.#receive(itemId, { type: 'pay' }, cause);
  }

  @Allow('sandbox.play')
  @Post('sandbox/disbursements/:itemId/fail')
  @HttpCode(200)
  @ApiOperation({ summary: 'The bank could not pay it, or has the money back', description: 'May be said again.' })
  @ApiOkResponse({ type: DisbursementView })
  @ApiNotFoundResponse()
  fail(
    @PathValue('itemId', Uuid) itemId: string,
    @Body() { reason }: FailureDto,
    @Correlation() cause: Cause,
  ): Promise<DisbursementView> {
    return this.#receive(itemId, { type: 'fail', reason }, cause);
  }

  async #receive(itemId: string, notice: BankNotice, { traceparent }: Cause): Promise<DisbursementView> {
    return this.database.transaction(async (transaction) => {
      const before = await this.disbursements.lock(transaction, itemId);
      if (!before) throw notFound('Disbursement', itemId);
      const after = transition(before, notice);
      if ('refused' in after) {
        throw new Problem({
          status: 409,
          title: 'Contradicts the disbursement',
          detail: `${itemId}: ${after.refused}.`,
        });
      }
      if (after === before) return before;
      await this.disbursements.save(transaction, after);
      const { payoutId, facilityId, amount, correlationId, reason } = after;
      const paid = { itemId, payoutId, facilityId, amount };
      const at = new Date().toISOString();
      const cause = { correlationId, ...(traceparent !== undefined && { traceparent }) };
      await this.outbox.append(transaction, [
        reason === null
          ? newEvent(disbursementPaid, { ...paid, paidAt: at }, cause)
          : newEvent(disbursementFailed, { ...paid, reason, failedAt: at }, cause),
      ]);
      return after;
    });
  }
}
