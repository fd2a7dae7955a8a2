import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  BeneficiaryId,
  DebtorId,
  EntryAmount,
  FacilityId,
  Flag,
  LotId,
  MakerId,
  oneOf,
  PastInstant,
  Reason,
  StoredText,
  Weight,
} from '#libs/contracts';
import { DecidedView } from '#libs/decisions';
import { Nested, NestedList, PageQuery, Parameter, Value } from '#libs/http';
import { AccountCode } from '../../books/accounts/account.ts';
import type { EntriesType } from './adjustment.ts';

const types: EntriesType[] = ['adjustment', 'opening', 'write-off'];
const measures = ['hours', 'pieces', 'weight', 'equal'] as const;
const ENTRIES_MAX = 1_000;

class AdjustmentDraftDto {
  @Value(FacilityId, { example: 'F1' })
  readonly facilityId!: string;

  @Value(PastInstant)
  readonly occurredAt!: string;

  @Value(Reason, { description: 'why, in words; kept with the journal' })
  readonly reason!: string;
}

class EntryDto {
  @Value(AccountCode, { example: 'maker:M1:wages' })
  readonly account!: string;

  @Value(EntryAmount)
  readonly amount!: number;
}

export class EntriesDto extends AdjustmentDraftDto {
  @Value(oneOf(types), {
    description: 'opening: balances from books before these; write-off: what will never be paid',
  })
  readonly type!: EntriesType;

  @NestedList(EntryDto, { min: 2, max: ENTRIES_MAX, description: 'they sum to zero' })
  readonly entries!: EntryDto[];
}

class ContributionDto {
  @Value(MakerId, { example: 'M1' })
  readonly makerId!: string;

  @Value(Weight, { example: '7.5', description: 'in the measure of the lot; not read when that is equal' })
  readonly weight!: string;
}

class LotDto {
  @Value(LotId)
  readonly lotId!: string;

  @Value(oneOf(measures))
  readonly measure!: (typeof measures)[number];

  @NestedList(ContributionDto, { min: 1, max: ENTRIES_MAX })
  readonly contributions!: ContributionDto[];
}

export class ContributionsDto extends AdjustmentDraftDto {
  @Nested(LotDto)
  readonly lot!: LotDto;
}

class ObligationOfDto {
  @Value(DebtorId, { example: 'maker:M1' })
  readonly debtor!: string;

  @Value(BeneficiaryId, { example: 'beneficiary:restitution', description: 'as agreements name it' })
  readonly beneficiary!: string;

  @Value(EntryAmount, { description: 'whole rupiah (IDR): imposed; negative: remitted' })
  readonly amount!: number;
}

export class ObligationDto extends AdjustmentDraftDto {
  @Nested(ObligationOfDto)
  readonly obligation!: ObligationOfDto;
}

export class DifferenceDto extends AdjustmentDraftDto {
  @Value(StoredText, {
    example: 'blanja/1001@F1',
    description: 'a sale whose settlements do not come to what they should',
  })
  readonly saleId!: string;
}

export class AssignmentDto {
  @Value(FacilityId, { example: 'F1', description: 'whose it is' })
  readonly facilityId!: string;

  @Value(Reason, { description: 'why, in words; kept with the journal' })
  readonly reason!: string;
}

export class AdjustmentQuery extends PageQuery {
  @Parameter(StoredText, { optional: true })
  readonly facilityId?: string;

  @Parameter(Flag, { optional: true, description: 'false: only drafts' })
  readonly approved?: boolean;
}

export class AdjustmentView extends DecidedView {
  @ApiProperty({ format: 'uuid' })
  readonly adjustmentId!: string;

  @ApiProperty({ enum: [...types, 'contributions', 'obligation', 'difference', 'assignment'] })
  readonly type!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ format: 'date-time' })
  readonly occurredAt!: Date;

  @ApiProperty()
  readonly reason!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'entries, a lot with its contributions, an obligation, a sale, or what is held',
  })
  readonly content!: object;

  @ApiProperty({ type: 'integer', nullable: true, description: 'how many its approval posted' })
  readonly journals!: number | null;
}

export class AdjustmentPage {
  @ApiProperty({ type: [AdjustmentView] })
  readonly items!: AdjustmentView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
