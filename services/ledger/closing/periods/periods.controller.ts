import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { By } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { Decidable, Decides, decisionOf, RejectionDto } from '#libs/decisions';
import {
  decodeCursor,
  Idempotency,
  Idempotent,
  type IdempotentRequest,
  PageQuery,
  PathValue,
  pageOf,
} from '#libs/http';
import { Allow } from '../../policy.ts';
import { objection } from './checklist.ts';
import {
  ChecklistView,
  DecisionParameters,
  DecisionView,
  MonthParameter,
  PeriodsPage,
  RequestDto,
} from './period.dto.ts';
import type { PeriodDecision } from './period.repository.ts';
import { PeriodsService } from './periods.service.ts';

@Decidable<PeriodDecision>((decision) => ({
  decision: decisionOf(decision),
  facilityId: null,
  obstacle: objection(decision, new Date()),
}))
@ApiTags('periods')
@Controller('v1/periods')
export class PeriodsController {
  constructor(
    private readonly periods: PeriodsService,
    private readonly idempotency: Idempotency,
  ) {}

  /** Which months are closed, and who decided it. */
  @Allow('period.read')
  @Get()
  @ApiOkResponse({ type: PeriodsPage })
  async list(@Query() { cursor, limit }: PageQuery): Promise<PeriodsPage> {
    const decisions = await this.periods.list(decodeCursor(cursor, Uuid), limit + 1);
    return {
      firstOpenMonth: await this.periods.firstOpenMonth(),
      ...pageOf(decisions, limit, ({ decisionId }) => decisionId),
    };
  }

  /** What to look at before the month is closed: open items as they are now, and what the latest verification found. */
  @Allow('period.read')
  @Get(':month/checklist')
  @ApiOkResponse({ type: ChecklistView })
  checklist(@Param() { month }: MonthParameter): Promise<ChecklistView> {
    return this.periods.checklist(month);
  }

  /**
   * Asks for a close or a reopening. For a close all books are verified now, which takes its time: `GET` the decision until
   * its `status` is no longer `checking`. Nothing changes before another person approves it.
   */
  @Allow('period.request')
  @Post(':month/:action')
  @HttpCode(202)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiAcceptedResponse({ type: DecisionView })
  @ApiConflictResponse({ description: 'not the next month to close or reopen' })
  request(
    @Param() { month, action }: DecisionParameters,
    @By() by: string,
    @Body() { reason }: RequestDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<DecisionView> {
    return this.idempotency.once(request, (transaction) =>
      this.periods.request(transaction, { month, action }, { by, reason }),
    );
  }

  @Allow('period.read')
  @Get('decisions/:id')
  @ApiOkResponse({ type: DecisionView })
  @ApiNotFoundResponse()
  get(@PathValue('id', Uuid) id: string): Promise<DecisionView> {
    return this.periods.find(id);
  }

  @Allow('period.approve')
  @Decides('approval', 'decisions/:id', DecisionView, { conflict: 'still checking, not sound, or no longer possible' })
  approve(@PathValue('id', Uuid) id: string, @By() by: string): Promise<DecisionView> {
    return this.periods.approve(id, by);
  }

  @Allow('period.reject')
  @Decides('rejection', 'decisions/:id', DecisionView)
  reject(@PathValue('id', Uuid) id: string, @By() by: string, @Body() { reason }: RejectionDto): Promise<DecisionView> {
    return this.periods.refuse(id, { step: 'rejection', by, reason });
  }

  @Allow('period.request')
  @Decides('withdrawal', 'decisions/:id', DecisionView)
  withdraw(@PathValue('id', Uuid) id: string, @By() by: string): Promise<DecisionView> {
    return this.periods.refuse(id, { step: 'withdrawal', by });
  }
}
