import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { By } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { Database } from '#libs/database';
import { Decides, RejectionDto } from '#libs/decisions';
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
import { RefusedEventPage, RefusedEventView, ResolutionDto } from './refused-event.dto.ts';
import { RefusedEventRepository } from './refused-event.repository.ts';
import { RefusedEventsService } from './refused-events.service.ts';

@ApiTags('journals')
@Controller('v1/refused-events')
export class RefusedEventsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly refusedEvents: RefusedEventRepository,
    private readonly service: RefusedEventsService,
  ) {}

  @Allow('refused-event.read')
  @Get()
  @ApiOperation({ summary: 'Events that could not be posted, and what was done about them' })
  @ApiOkResponse({ type: RefusedEventPage })
  async list(@Query() { cursor, limit }: PageQuery): Promise<RefusedEventPage> {
    const refused = await this.refusedEvents.list({ after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(refused, limit, ({ eventId }) => eventId);
  }

  @Allow('refused-event.redrive')
  @Post(':id/redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Post it after all: what was missing has come since' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: RefusedEventView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'it is refused again, is to be discarded, or is an answer of a bank' })
  redrive(
    @PathValue('id', Uuid) id: string,
    @By() by: string,
    @Body() { reason }: ResolutionDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<RefusedEventView> {
    return this.idempotency.once(request, (transaction) => this.service.redrive(transaction, id, reason, by));
  }

  @Allow('refused-event.discard')
  @Post(':id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Draft that nothing will be posted for it; another person approves' })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: RefusedEventView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'it is redriven, or somebody drafted this before' })
  discard(
    @PathValue('id', Uuid) id: string,
    @By() by: string,
    @Body() { reason }: ResolutionDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<RefusedEventView> {
    return this.idempotency.once(request, (transaction) => this.service.draftDiscard(transaction, id, reason, by));
  }

  @Allow('refused-event.discard-approve')
  @Decides('approval', ':id/discard', RefusedEventView)
  approve(@PathValue('id', Uuid) id: string, @By() by: string): Promise<RefusedEventView> {
    return this.database.transaction((transaction) => this.service.approveDiscard(transaction, id, by));
  }

  @Allow('refused-event.discard-reject')
  @Decides('rejection', ':id/discard', RefusedEventView)
  reject(
    @PathValue('id', Uuid) id: string,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<RefusedEventView> {
    const refusal = { step: 'rejection', by, reason } as const;
    return this.database.transaction((transaction) => this.service.refuseDiscard(transaction, id, refusal));
  }

  @Allow('refused-event.discard')
  @Decides('withdrawal', ':id/discard', RefusedEventView)
  withdraw(@PathValue('id', Uuid) id: string, @By() by: string): Promise<RefusedEventView> {
    return this.database.transaction((transaction) =>
      this.service.refuseDiscard(transaction, id, { step: 'withdrawal', by }),
    );
  }
}
