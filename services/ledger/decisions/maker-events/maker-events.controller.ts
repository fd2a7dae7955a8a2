import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By, body, list, PersonalReadRepository, param, ReadBy, type Reader, row, TellsOfMakers } from '#libs/access';
import { StoredText, Uuid } from '#libs/contracts';
import { type ByPerson, Decidable, Decides, decisionOf, RejectionDto } from '#libs/decisions';
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
import { Allow } from '../../policy.ts';
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

@Decidable<MakerEventView>((view) => ({ decision: decisionOf(view), facilityId: view.facilityId }))
@ApiTags('makers')
@Controller('v1')
export class MakerEventsController {
  constructor(
    private readonly events: MakerEventsService,
    private readonly idempotency: Idempotency,
    private readonly owners: KnownOwners,
    private readonly reads: PersonalReadRepository,
  ) {}

  /** A maker moves to another facility, which pays from then on. */
  @Allow('maker-event.draft', body('facilityId'))
  @Post('maker-events/transfers')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  @ApiUnprocessableEntityResponse({ description: 'has not happened yet' })
  transfer(
    @By() by: string,
    @Body() draft: MakerEventDraftDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<MakerEventView> {
    return this.#draft(request, { ...draft, by }, { type: 'transfer', content: {} });
  }

  /** Custody ends: savings become available, after what is to be given back. */
  @Allow('maker-event.report', row)
  @Post('maker-events/releases')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  release(
    @By() by: string,
    @Body() draft: MakerEventDraftDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<MakerEventView> {
    return this.#draft(request, { ...draft, by }, { type: 'release', content: {} });
  }

  /** After a death or an escape nothing is paid out or spent; what is earned goes on. */
  @Allow('maker-event.report', row)
  @Post('maker-events/freezes')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  freeze(
    @By() by: string,
    @Body() { because, ...draft }: FreezeDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<MakerEventView> {
    return this.#draft(request, { ...draft, by }, { type: 'freeze', content: { because } });
  }

  /** Paid again: the maker or, where a payee is named, his or her heirs. */
  @Allow('maker-event.report', row)
  @Post('maker-events/unfreezes')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  unfreeze(
    @By() by: string,
    @Body() { payee, ...draft }: UnfreezeDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<MakerEventView> {
    return this.#draft(request, { ...draft, by }, { type: 'unfreeze', content: payee === undefined ? {} : { payee } });
  }

  /** Two makers are one person: what one has moves to the other, who is paid from then on. May be said again. */
  @Allow('maker-event.draft', row)
  @Post('maker-events/merges')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @HttpCode(200)
  @ApiOkResponse({ type: MakerEventView })
  @ApiUnprocessableEntityResponse({ description: 'into itself' })
  merge(
    @By() by: string,
    @Body() { into, ...draft }: MergeDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<MakerEventView> {
    return this.#draft(request, { ...draft, by }, { type: 'merge', content: { into } });
  }

  /** Approved by another person than its drafter, it is done and written into the books. */
  @Allow('maker-event.approve', row)
  @Decides('approval', 'maker-events/:id', MakerEventView, { conflict: 'the maker does not stand so' })
  approve(@PathValue('id', Uuid) id: string, @By() by: string, @Correlation() cause: Cause): Promise<MakerEventView> {
    return this.events.approve(id, by, cause);
  }

  @Allow('maker-event.reject', row)
  @Decides('rejection', 'maker-events/:id', MakerEventView)
  reject(
    @PathValue('id', Uuid) id: string,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<MakerEventView> {
    return this.events.refuse(id, { step: 'rejection', by, reason });
  }

  @Allow('maker-event.report', row)
  @Decides('withdrawal', 'maker-events/:id', MakerEventView)
  withdraw(@PathValue('id', Uuid) id: string, @By() by: string): Promise<MakerEventView> {
    return this.events.refuse(id, { step: 'withdrawal', by });
  }

  /** In the order of drafting. */
  @Allow('maker-event.read', list)
  @Get('maker-events')
  @ApiOkResponse({ type: MakerEventPage })
  async list(@Query() { makerId, approved, cursor, limit }: MakerEventQuery): Promise<MakerEventPage> {
    const rows = await this.events.list({ makerId, approved, after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(rows, limit, ({ eventId }) => eventId);
  }

  @Allow('maker-event.read', row)
  @Get('maker-events/:id')
  @ApiOkResponse({ type: MakerEventView })
  @ApiNotFoundResponse()
  find(@PathValue('id', Uuid) id: string): Promise<MakerEventView> {
    return this.events.find(id);
  }

  /** Who pays the maker, and whether anything is paid. */
  @Allow('maker.read', row, param('makerId'))
  @Get('makers/:makerId/standing')
  @TellsOfMakers({ own: true })
  @ApiOkResponse({ type: StandingView })
  async standing(
    @PathValue('makerId', StoredText) makerId: string,
    @ReadBy() reader: Reader | undefined,
  ): Promise<StandingView> {
    const standing = await this.events.standing(makerId);
    if (reader) await this.reads.append({ ...reader, makerIds: [makerId] });
    return standing;
  }

  #draft(
    request: IdempotentRequest,
    draft: ByPerson<MakerEventDraftDto>,
    happening: Happening,
  ): Promise<MakerEventView> {
    const { makerId } = draft;
    return this.idempotency.once(request, async (transaction) => {
      await this.owners.require(transaction, [
        { field: 'makerId', owner: `maker:${makerId}`, isSeated: true },
        ...(happening.type === 'merge'
          ? [{ field: 'into', owner: `maker:${happening.content.into}`, isSeated: true as const }]
          : []),
      ]);
      return this.events.draft(transaction, draft, happening);
    });
  }
}
