import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BeneficiaryId, FacilityId, Flag, MakerId, oneOf, PastInstant, Reason, StoredText } from '#libs/contracts';
import { DecidedView } from '#libs/decisions';
import { PageQuery, Parameter, Value } from '#libs/http';
import type { FreezeReason, MakerEvent, Standing } from './maker-event.ts';

const freezeReasons: FreezeReason[] = ['death', 'escape', 'other'];

export class MakerEventDraftDto {
  @Value(MakerId, { example: 'M1' })
  readonly makerId!: string;

  @Value(FacilityId, { example: 'F1', description: 'in whose books it is written; of a transfer the new facility' })
  readonly facilityId!: string;

  @Value(PastInstant, { description: 'when it happened; not in the future' })
  readonly occurredAt!: string;

  @Value(Reason, { description: 'why, in words; kept with the journal' })
  readonly reason!: string;
}

export class FreezeDto extends MakerEventDraftDto {
  @Value(oneOf(freezeReasons))
  readonly because!: FreezeReason;
}

export class UnfreezeDto extends MakerEventDraftDto {
  @Value(BeneficiaryId, {
    optional: true,
    example: 'beneficiary:heir-0017',
    description: 'who is paid from now on in the maker’s place, such as heirs: a pseudonym, never a name',
  })
  readonly payee?: string;
}

export class MergeDto extends MakerEventDraftDto {
  @Value(MakerId, { example: 'M2', description: 'the maker that survives' })
  readonly into!: string;
}

export class MakerEventQuery extends PageQuery {
  @Parameter(StoredText, { optional: true })
  readonly makerId?: string;

  @Parameter(Flag, { optional: true, description: 'false: only drafts' })
  readonly approved?: boolean;
}

export class MakerEventView extends DecidedView {
  @ApiProperty({ format: 'uuid' })
  readonly eventId!: string;

  @ApiProperty()
  readonly makerId!: string;

  @ApiProperty({ enum: ['transfer', 'release', 'freeze', 'unfreeze', 'merge'] })
  readonly type!: MakerEvent['type'];

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ format: 'date-time' })
  readonly occurredAt!: Date;

  @ApiProperty()
  readonly reason!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'why it was frozen; who is paid; who survives',
  })
  readonly content!: object;

  @ApiProperty({ type: 'integer', nullable: true, description: 'n-th of all that are approved; null: a draft' })
  readonly number!: number | null;

  @ApiProperty({ type: 'string', format: 'date', nullable: true, description: 'day that it counts from' })
  readonly effectiveOn!: string | null;
}

export class MakerEventPage {
  @ApiProperty({ type: [MakerEventView] })
  readonly items!: MakerEventView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class StandingView implements Standing {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'the facility that pays, since a transfer; null: each facility pays what its sales earned',
  })
  readonly paidBy!: string | null;

  @ApiProperty({ description: 'nothing is paid out or spent' })
  readonly frozen!: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'who is paid in the maker’s place' })
  readonly payee!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'of duplicate persons the one that survives' })
  readonly mergedInto!: string | null;
}
