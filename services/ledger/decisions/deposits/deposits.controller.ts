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
import { By, body, list, row } from '#libs/access';
import { Uuid } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { Decidable, Takes } from '#libs/decisions';
import {
  Correlation,
  decodeCursor,
  Idempotency,
  Idempotent,
  type IdempotentRequest,
  PathValue,
  pageOf,
} from '#libs/http';
import type { Cause } from '#libs/messaging';
import { Allow } from '../../policy.ts';
import { DepositDto, DepositPage, DepositQuery, DepositReceiptDto, DepositView } from './deposit.dto.ts';
import { DepositRepository } from './deposit.repository.ts';
import { decisionOf } from './deposit.ts';
import { DepositsService } from './deposits.service.ts';

@Decidable<DepositView>((view) => ({ decision: decisionOf(view), facilityId: view.facilityId }))
@ApiTags('deposits')
@Controller('v1/deposits')
export class DepositsController {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly deposits: DepositsService,
    private readonly repository: DepositRepository,
  ) {}

  @Allow('deposit.bill', body('facilityId'))
  @Post()
  @ApiOperation({ summary: 'PNBP that the state’s billing system was told of' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: DepositView })
  @ApiConflictResponse({ description: 'more than is owed, or the billing code is used' })
  bill(@Idempotent() request: IdempotentRequest, @By() by: string, @Body() deposit: DepositDto): Promise<DepositView> {
    return this.idempotency.once(request, async (transaction) =>
      this.#viewOf(transaction, await this.deposits.bill(transaction, { ...deposit, by })),
    );
  }

  @Allow('deposit.confirm', row)
  @Takes('approval', 'receipt')
  @Post(':depositId/receipt')
  @HttpCode(200)
  @ApiOperation({ summary: 'It is paid, as the state’s receipt (NTPN) proves; by another person than who billed it' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: DepositView })
  @ApiNotFoundResponse()
  @ApiForbiddenResponse({ description: 'by who billed it' })
  @ApiConflictResponse({ description: 'confirmed already, or the receipt is another deposit’s' })
  confirm(
    @PathValue('depositId', Uuid) depositId: string,
    @Idempotent() request: IdempotentRequest,
    @By() by: string,
    @Body() receipt: DepositReceiptDto,
    @Correlation() cause: Cause,
  ): Promise<DepositView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.deposits.confirm(transaction, depositId, { ...receipt, by }, cause);
      return this.#viewOf(transaction, depositId);
    });
  }

  @Allow('deposit.read', list)
  @Get()
  @ApiOkResponse({ type: DepositPage })
  async list(@Query() { facilityId, status, cursor, limit }: DepositQuery): Promise<DepositPage> {
    const deposits = await this.repository.list({
      facilityId,
      status,
      after: decodeCursor(cursor, Uuid),
      limit: limit + 1,
    });
    return pageOf(deposits, limit, ({ depositId }) => depositId);
  }

  async #viewOf(transaction: Transaction, depositId: string): Promise<DepositView> {
    return (await this.repository.find(transaction, depositId)) as DepositView;
  }
}
