import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { decodeCursor, Idempotency, Idempotent, type IdempotentRequest, PageQuery, pageOf } from '#libs/http';
import {
  ChecklistView,
  DecisionParameters,
  DecisionView,
  MonthParameter,
  PeriodsPage,
  PersonDto,
  RequestDto,
} from './period.dto.ts';
import { PeriodsService } from './periods.service.ts';

@ApiTags('periods')
@Controller('v1/periods')
export class PeriodsController {
  constructor(
    private readonly periods: PeriodsService,
    private readonly idempotency: Idempotency,
  ) {}

  /** Which months are closed, and who decided it. */
  @Get()
  @ApiOkResponse({ type: PeriodsPage })
  async list(@Query() { cursor, limit }: PageQuery): Promise<PeriodsPage> {
    const decisions = await this.periods.list(decodeCursor(cursor), limit + 1);
    return {
      firstOpenMonth: await this.periods.firstOpenMonth(),
      ...pageOf(decisions, limit, ({ decisionId }) => decisionId),
    };
  }

  /** What to look at before the month is closed. Verifies all books, which takes its time. */
  @Get(':month/checklist')
  @ApiOkResponse({ type: ChecklistView })
  checklist(@Param() { month }: MonthParameter): Promise<ChecklistView> {
    return this.periods.checklist(month);
  }

  /** Asks for a close or a reopening. Nothing changes before another person approves it. */
  @Post(':month/:action')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: DecisionView })
  @ApiConflictResponse({ description: 'not the next month to close or reopen, or the books are not sound' })
  async request(
    @Param() { month, action }: DecisionParameters,
    @Body() dto: RequestDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<DecisionView> {
    const checklist = action === 'close' ? await this.periods.checklist(month) : null;
    return this.idempotency.once(request, (transaction) =>
      this.periods.request(transaction, { month, action }, dto, checklist),
    );
  }

  @Post('decisions/:id/approve')
  @HttpCode(200)
  @ApiOkResponse({ type: DecisionView })
  @ApiNotFoundResponse()
  @ApiForbiddenResponse({ description: 'by who asked for it' })
  @ApiConflictResponse({ description: 'approved already, or no longer possible' })
  approve(@Param('id', ParseUUIDPipe) id: string, @Body() { by }: PersonDto): Promise<DecisionView> {
    return this.periods.approve(id, by);
  }
}
