import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { StoredText, Uuid } from '#libs/contracts';
import { Database } from '#libs/database';
import { Decides, PersonDto, RejectionDto } from '#libs/decisions';
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
import { KnownOwners } from '../../books/accounts/known-owners.service.ts';
import {
  FreezeDto,
  MakerEventDraftDto,
  MakerEventPage,
  MakerEventQuery,
  MakerEventView,
  MergeDto,
  StandingView,
  UnfreezeDto,
} from './maker-event.dto.ts';
import type { Happening } from './maker-event.ts';
import { MakerEventsService } from './maker-events.service.ts';

@ApiTags('makers')
@Controller('v1')
export class MakerEventsController {
  constructor(
    private readonly database: Database,
    private readonly events: MakerEventsService,
    private readonly idempotency: Idempotency,
    private readonly owners: KnownOwners,
  ) {}

  /** A maker moves to another facility, which pays from then on. */
  @Post('maker-events/transfers')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  @ApiUnprocessableEntityResponse({ description: 'has not happened yet' })
  transfer(@Body() draft: MakerEventDraftDto, @Idempotent() request: IdempotentRequest): Promise<MakerEventView> {
    return this.#draft(request, draft, { type: 'transfer', content: {} });
  }

  /** Custody ends: savings become available, after what is to be given back. */
  @Post('maker-events/releases')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  release(@Body() draft: MakerEventDraftDto, @Idempotent() request: IdempotentRequest): Promise<MakerEventView> {
    return this.#draft(request, draft, { type: 'release', content: {} });
  }

  /** After a death or an escape nothing is paid out or spent; what is earned goes on. */
  @Post('maker-events/freezes')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  freeze(@Body() { because, ...draft }: FreezeDto, @Idempotent() request: IdempotentRequest): Promise<MakerEventView> {
    return this.#draft(request, draft, { type: 'freeze', content: { because } });
  }

  /** Paid again: the maker or, where a payee is named, his or her heirs. */
  @Post('maker-events/unfreezes')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  unfreeze(
    @Body() { payee, ...draft }: UnfreezeDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<MakerEventView> {
    return this.#draft(request, draft, { type: 'unfreeze', content: payee === undefined ? {} : { payee } });
  }

  /** Two makers are one person: what one has moves to the other, who is paid from then on. May be said again. */
  @Post('maker-events/merges')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  @ApiUnprocessableEntityResponse({ description: 'into itself' })
  merge(@Body() { into, ...draft }: MergeDto, @Idempotent() request: IdempotentRequest): Promise<MakerEventView> {
    return this.#draft(request, draft, { type: 'merge', content: { into } });
  }

  /** Approved by another person than its drafter, it is done and written into the books. */
  @Decides('approval', 'maker-events/:id', MakerEventView, { conflict: 'the maker does not stand so' })
  approve(
    @PathValue('id', Uuid) id: string,
    @Body() { by }: PersonDto,
    @Correlation() cause: Cause,
  ): Promise<MakerEventView> {
    return this.events.approve(id, by, cause);
  }

  @Decides('rejection', 'maker-events/:id', MakerEventView)
  reject(@PathValue('id', Uuid) id: string, @Body() { by, reason }: RejectionDto): Promise<MakerEventView> {
    return this.events.refuse(id, { step: 'rejection', by, reason });
  }

  @Decides('withdrawal', 'maker-events/:id', MakerEventView)
  withdraw(@PathValue('id', Uuid) id: string, @Body() { by }: PersonDto): Promise<MakerEventView> {
    return this.events.refuse(id, { step: 'withdrawal', by });
  }

  /** In the order of drafting. */
  @Get('maker-events')
  @ApiOkResponse({ type: MakerEventPage })
  async list(@Query() { makerId, approved, cursor, limit }: MakerEventQuery): Promise<MakerEventPage> {
    const rows = await this.events.list({ makerId, approved, after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(rows, limit, ({ eventId }) => eventId);
  }

  @Get('maker-events/:id')
  @ApiOkResponse({ type: MakerEventView })
  @ApiNotFoundResponse()
  find(@PathValue('id', Uuid) id: string): Promise<MakerEventView> {
    return this.events.find(id);
  }

  /** Who pays the maker, and whether anything is paid. */
  @Get('makers/:makerId/standing')
  @ApiOkResponse({ type: StandingView })
  standing(@PathValue('makerId', StoredText) makerId: string): Promise<StandingView> {
    return this.events.standing(this.database, makerId);
  }

  #draft(request: IdempotentRequest, draft: MakerEventDraftDto, happening: Happening): Promise<MakerEventView> {
    const { makerId } = draft;
    return this.idempotency.once(request, async (transaction) => {
      await this.owners.require(transaction, [
        { field: 'makerId', owner: `maker:${makerId}` },
        ...(happening.type === 'merge' ? [{ field: 'into', owner: `maker:${happening.content.into}` }] : []),
      ]);
      return this.events.draft(transaction, draft, happening);
    });
  }
}
