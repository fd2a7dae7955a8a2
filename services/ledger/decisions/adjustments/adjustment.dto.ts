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
  facilityId!: string;

  @Value(PastInstant)
  occurredAt!: string;

  @Value(Reason, { description: 'why, in words; kept with the journal' })
  reason!: string;
}

class EntryDto {
  @Value(AccountCode, { example: 'maker:M1:wages' })
  account!: string;

  @Value(EntryAmount)
  amount!: number;
}

export class EntriesDto extends AdjustmentDraftDto {
  @Value(oneOf(types), {
    description: 'opening: balances from books before these; write-off: what will never be paid',
  })
  type!: EntriesType;

  @NestedList(EntryDto, { min: 2, max: ENTRIES_MAX, description: 'they sum to zero' })
  entries!: EntryDto[];
}

class ContributionDto {
  @Value(MakerId, { example: 'M1' })
  makerId!: string;

  @Value(Weight, { example: '7.5', description: 'in the measure of the lot; not read when that is equal' })
  weight!: string;
}

class LotDto {
  @Value(LotId)
  lotId!: string;

  @Value(oneOf(measures))
  measure!: (typeof measures)[number];

  @NestedList(ContributionDto, { min: 1, max: ENTRIES_MAX })
  contributions!: ContributionDto[];
}

export class ContributionsDto extends AdjustmentDraftDto {
  @Nested(LotDto)
  lot!: LotDto;
}

class ObligationOfDto {
  @Value(DebtorId, { example: 'maker:M1' })
  debtor!: string;

  @Value(BeneficiaryId, { example: 'beneficiary:restitution', description: 'as agreements name it' })
  beneficiary!: string;

  @Value(EntryAmount, { description: 'whole rupiah (IDR): imposed; negative: remitted' })
  amount!: number;
}

export class ObligationDto extends AdjustmentDraftDto {
  @Nested(ObligationOfDto)
  obligation!: ObligationOfDto;
}

export class DifferenceDto extends AdjustmentDraftDto {
  @Value(StoredText, {
    example: 'blanja/1001@F1',
    description: 'a sale whose settlements do not come to what they should',
  })
  saleId!: string;
}

export class AssignmentDto {
  @Value(FacilityId, { example: 'F1', description: 'whose it is' })
  facilityId!: string;

  @Value(Reason, { description: 'why, in words; kept with the journal' })
  reason!: string;
}

export class AdjustmentQuery extends PageQuery {
  @Parameter(StoredText, { optional: true })
  facilityId?: string;

  @Parameter(Flag, { optional: true, description: 'false: only drafts' })
  approved?: boolean;
}

export class AdjustmentView extends DecidedView {
  @ApiProperty({ format: 'uuid' })
  adjustmentId!: string;

  @ApiProperty({ enum: [...types, 'contributions', 'obligation', 'difference', 'assignment'] })
  type!: string;

  @ApiProperty()
  facilityId!: string;

  @ApiProperty({ format: 'date-time' })
  occurredAt!: Date;

  @ApiProperty()
  reason!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'entries, a lot with its contributions, an obligation, a sale, or what is held',
  })
  content!: object;

  @ApiProperty({ type: 'integer', nullable: true, description: 'how many its approval posted' })
  journals!: number | null;
}

export class AdjustmentPage {
  @ApiProperty({ type: [AdjustmentView] })
  items!: AdjustmentView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
