import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { Idempotency, Idempotent, type IdempotentRequest, PathValue } from '#libs/http';
import { KnownOwners } from '../../books/accounts/known-owners.service.ts';
import { Allow } from '../../policy.ts';
import { AdjustmentView, AssignmentDto } from './adjustment.dto.ts';
import { AdjustmentsService } from './adjustments.service.ts';

@ApiTags('adjustments')
@Controller('v1/holds/:reference/assignment')
export class AssignmentsController {
  constructor(
    private readonly adjustments: AdjustmentsService,
    private readonly idempotency: Idempotency,
    private readonly owners: KnownOwners,
  ) {}

  @Allow('hold.assign')
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Draft that what a channel paid out of an order that is not there, or took of no store, is a facility’s',
    description:
      'Approved by another person (`/v1/adjustments`), it is held no longer, and what was paid out is earned by the facility. If the order comes after all, that is undone, and it is shared as any other; if its store is known after all, the facility of that bears it.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: AdjustmentView })
  @ApiConflictResponse({ description: 'it is not held, or no longer, or of an order that is there' })
  @ApiUnprocessableEntityResponse({ description: 'the facility is unknown' })
  assign(
    @PathValue('reference', StoredText) holdId: string,
    @By() by: string,
    @Body() draft: AssignmentDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<AdjustmentView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.owners.require(transaction, [{ field: 'facilityId', owner: `facility:${draft.facilityId}` }]);
      return this.adjustments.draftAssignment(transaction, { ...draft, holdId, by });
    });
  }
}
