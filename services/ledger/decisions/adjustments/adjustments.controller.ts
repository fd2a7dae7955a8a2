import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By, body, list, row } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { Decidable, Decides, decisionOf, RejectionDto } from '#libs/decisions';
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
import { accountOfCode } from '../../books/accounts/account.ts';
import { KnownOwners, type NamedOwner } from '../../books/accounts/known-owners.service.ts';
import { Allow } from '../../policy.ts';
import {
  AdjustmentPage,
  AdjustmentQuery,
  AdjustmentView,
  ContributionsDto,
  DifferenceDto,
  EntriesDto,
  ObligationDto,
} from './adjustment.dto.ts';
import { AdjustmentsService } from './adjustments.service.ts';

@Decidable<AdjustmentView>((view) => ({ decision: decisionOf(view), facilityId: view.facilityId }))
@ApiTags('adjustments')
@Controller('v1/adjustments')
export class AdjustmentsController {
  constructor(
    private readonly adjustments: AdjustmentsService,
    private readonly idempotency: Idempotency,
    private readonly owners: KnownOwners,
  ) {}

  /** Drafts an adjustment, an opening or a write-off. Nothing is posted before another person approves it. */
  @Allow('adjustment.draft', body('facilityId'))
  @Post()
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: AdjustmentView })
  @ApiUnprocessableEntityResponse({ description: 'not balanced, of an unknown owner, ...: each by entry' })
  draft(
    @By() by: string,
    @Body() draft: EntriesDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<AdjustmentView> {
    const named = draft.entries.map(({ account }, index) => ({
      field: `entries.${index}.account`,
      owner: accountOfCode(account).owner,
    }));
    // Banks and channels are in no list: the first books that hold one introduce it.
    const introduces = ({ owner }: NamedOwner) => draft.type === 'opening' && /^(bank|channel):/.test(owner);
    return this.idempotency.once(request, async (transaction) => {
      await this.owners.require(transaction, [facilityOf(draft), ...named.filter((each) => !introduces(each))]);
      return this.adjustments.draftEntries(transaction, { ...draft, by });
    });
  }

  /** Drafts who made a lot that was sold without contributions: its part in suspense will go to them. */
  @Allow('adjustment.draft', body('facilityId'))
  @Post('contributions')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: AdjustmentView })
  @ApiUnprocessableEntityResponse({ description: 'nobody has a weight, or the facility is unknown' })
  contributions(
    @By() by: string,
    @Body() draft: ContributionsDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<AdjustmentView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.owners.require(transaction, [facilityOf(draft)]);
      return this.adjustments.draftContributions(transaction, { ...draft, by });
    });
  }

  /** Drafts what a maker has to pay to a beneficiary, or what of it is remitted. */
  @Allow('adjustment.draft', body('facilityId'))
  @Post('obligations')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: AdjustmentView })
  obligation(
    @By() by: string,
    @Body() draft: ObligationDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<AdjustmentView> {
    const { debtor, beneficiary } = draft.obligation;
    const named = [
      facilityOf(draft),
      { field: 'obligation.debtor', owner: debtor },
      { field: 'obligation.beneficiary', owner: beneficiary },
    ];
    return this.idempotency.once(request, async (transaction) => {
      await this.owners.require(transaction, named);
      return this.adjustments.draftObligation(transaction, { ...draft, by });
    });
  }

  /** Drafts that what a channel's settlements of a sale do not come to is accepted: the rest is variance. */
  @Allow('adjustment.draft', body('facilityId'))
  @Post('differences')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: AdjustmentView })
  @ApiConflictResponse({ description: 'nothing of it differs' })
  @ApiUnprocessableEntityResponse({ description: 'no sale of this facility' })
  difference(
    @By() by: string,
    @Body() draft: DifferenceDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<AdjustmentView> {
    return this.idempotency.once(request, (transaction) =>
      this.adjustments.draftDifference(transaction, { ...draft, by }),
    );
  }

  /** Approved by another person than its creator, a draft is posted. */
  @Allow('adjustment.approve', row)
  @Decides('approval', ':id', AdjustmentView, {
    conflict: 'a maker’s account does not hold so much, less is owed, or nothing differs any more',
  })
  approve(@PathValue('id', Uuid) id: string, @By() by: string, @Correlation() cause: Cause): Promise<AdjustmentView> {
    return this.adjustments.approve(id, by, cause);
  }

  @Allow('adjustment.reject', row)
  @Decides('rejection', ':id', AdjustmentView)
  reject(
    @PathValue('id', Uuid) id: string,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<AdjustmentView> {
    return this.adjustments.refuse(id, { step: 'rejection', by, reason });
  }

  @Allow('adjustment.draft', row)
  @Decides('withdrawal', ':id', AdjustmentView)
  withdraw(@PathValue('id', Uuid) id: string, @By() by: string): Promise<AdjustmentView> {
    return this.adjustments.refuse(id, { step: 'withdrawal', by });
  }

  /** In the order of drafting. */
  @Allow('adjustment.read', list)
  @Get()
  @ApiOkResponse({ type: AdjustmentPage })
  async list(@Query() { facilityId, approved, cursor, limit }: AdjustmentQuery): Promise<AdjustmentPage> {
    const rows = await this.adjustments.list({
      facilityId,
      approved,
      after: decodeCursor(cursor, Uuid),
      limit: limit + 1,
    });
    return pageOf(rows, limit, ({ adjustmentId }) => adjustmentId);
  }

  @Allow('adjustment.read', row)
  @Get(':id')
  @ApiOkResponse({ type: AdjustmentView })
  @ApiNotFoundResponse()
  find(@PathValue('id', Uuid) id: string): Promise<AdjustmentView> {
    return this.adjustments.find(id);
  }
}

function facilityOf({ facilityId }: { readonly facilityId: string }): NamedOwner {
  return { field: 'facilityId', owner: `facility:${facilityId}` };
}
