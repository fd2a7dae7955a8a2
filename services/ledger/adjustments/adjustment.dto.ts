import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  NotEquals,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '#libs/http';
import { PersonDto } from '../person.dto.ts';
import type { EntriesType } from './adjustment.ts';

const types: EntriesType[] = ['adjustment', 'opening', 'write-off'];
const measures = ['hours', 'pieces', 'weight', 'equal'] as const;
const ENTRIES_MAX = 1_000;

class DraftDto extends PersonDto {
  @ApiProperty({ example: 'F1' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(60)
  facilityId!: string;

  @ApiProperty({ format: 'date-time' })
  @IsISO8601({ strict: true })
  occurredAt!: string;

  @ApiProperty({ description: 'why, in words; kept with the journal' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  reason!: string;
}

class EntryDto {
  @ApiProperty({ example: 'maker:M1:wages' })
  @IsString()
  account!: string;

  @ApiProperty({ description: 'whole rupiah (IDR): debit positive, credit negative' })
  @IsInt()
  @NotEquals(0)
  @Min(Number.MIN_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  amount!: number;
}

export class EntriesDto extends DraftDto {
  @ApiProperty({
    enum: types,
    description: 'opening: balances from books before these; write-off: what will never be paid',
  })
  @IsIn(types)
  type!: EntriesType;

  @ApiProperty({ type: [EntryDto], description: 'they sum to zero' })
  @ArrayMinSize(2)
  @ArrayMaxSize(ENTRIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => EntryDto)
  entries!: EntryDto[];
}

class ContributionDto {
  @ApiProperty({ example: 'M1' })
  @IsString()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/)
  makerId!: string;

  @ApiProperty({ example: '7.5', description: 'in the measure of the lot; not read when that is equal' })
  @Matches(/^\d{1,9}(\.\d{1,3})?$/)
  weight!: string;
}

class LotDto {
  @ApiProperty()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  lotId!: string;

  @ApiProperty({ enum: measures })
  @IsIn(measures)
  measure!: (typeof measures)[number];

  @ApiProperty({ type: [ContributionDto] })
  @ArrayMinSize(1)
  @ArrayMaxSize(ENTRIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => ContributionDto)
  contributions!: ContributionDto[];
}

export class ContributionsDto extends DraftDto {
  @ApiProperty({ type: LotDto })
  @ValidateNested()
  @Type(() => LotDto)
  lot!: LotDto;
}

class ObligationOfDto {
  @ApiProperty({ example: 'maker:M1', description: 'who has to pay' })
  @Matches(/^(maker|facility):[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/)
  debtor!: string;

  @ApiProperty({ example: 'beneficiary:restitution', description: 'as agreements name it' })
  @Matches(/^beneficiary:[A-Za-z0-9-]{1,40}$/)
  beneficiary!: string;

  @ApiProperty({ description: 'whole rupiah (IDR): imposed; negative: remitted' })
  @IsInt()
  @NotEquals(0)
  @Min(Number.MIN_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  amount!: number;
}

export class ObligationDto extends DraftDto {
  @ApiProperty({ type: ObligationOfDto })
  @ValidateNested()
  @Type(() => ObligationOfDto)
  obligation!: ObligationOfDto;
}

export class AdjustmentQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  facilityId?: string;

  @ApiPropertyOptional({ description: 'false: only drafts' })
  @IsOptional()
  @Transform(({ value }) => value === 'true')
  @IsBoolean()
  approved?: boolean;
}

export class AdjustmentView {
  @ApiProperty({ format: 'uuid' })
  adjustmentId!: string;

  @ApiProperty({ enum: [...types, 'contributions', 'obligation'] })
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
    description: 'entries, a lot with its contributions, or an obligation',
  })
  content!: object;

  @ApiProperty()
  createdBy!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', nullable: true, description: 'null: a draft, of which nothing is posted' })
  approvedBy!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  approvedAt!: Date | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'by its drafter' })
  withdrawnAt!: Date | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'how many its approval posted' })
  journals!: number | null;
}

export class AdjustmentPage {
  @ApiProperty({ type: [AdjustmentView] })
  items!: AdjustmentView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
