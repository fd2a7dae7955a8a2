import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '#libs/http';
import { PersonDto } from '../person.dto.ts';
import { type ScopeLevel, scopeLevels } from './in-force.ts';

class ScopeDto {
  @ApiProperty({ enum: scopeLevels, description: 'from the widest to the most specific, which wins' })
  @IsIn(scopeLevels)
  level!: ScopeLevel;

  @ApiPropertyOptional({ description: 'region, facility, programme or SKU, as the catalogue has it', example: 'F1' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(300)
  id?: string;
}

export class DraftDto extends PersonDto {
  @ApiProperty({ type: ScopeDto })
  @ValidateNested()
  @Type(() => ScopeDto)
  scope!: ScopeDto;

  @ApiProperty({ format: 'date-time', description: 'first instant at which orders are placed under it' })
  @IsISO8601({ strict: true })
  effectiveFrom!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'first instant at which no longer; without: until further notice',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  effectiveUntil?: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'as GET /v1/agreements/schema says' })
  @IsObject()
  definition!: object;
}

export class ApprovalDto extends PersonDto {
  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  version!: number;
}

export class AgreementQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'only the versions of this agreement', example: 'ID-1990' })
  @IsOptional()
  @IsString()
  id?: string;
}

class FindingView {
  @ApiPropertyOptional({ description: 'id of the step at fault' })
  step?: string;

  @ApiProperty()
  message!: string;
}

class ScopeView {
  @ApiProperty({ enum: scopeLevels })
  level!: ScopeLevel;

  @ApiProperty({ type: 'string', nullable: true })
  id!: string | null;
}

export class AgreementView {
  @ApiProperty({ example: 'ID-1990' })
  id!: string;

  @ApiProperty({ example: 1 })
  version!: number;

  @ApiProperty({ type: ScopeView })
  scope!: ScopeView;

  @ApiProperty({
    enum: ['draft', 'approved', 'superseded'],
    description: 'superseded: a later version is approved; until that begins, this one stays in force',
  })
  status!: 'draft' | 'approved' | 'superseded';

  @ApiProperty({ format: 'date-time' })
  effectiveFrom!: Date;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'its own end, or a later version’s beginning',
  })
  effectiveUntil!: Date | null;

  @ApiProperty()
  createdBy!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', nullable: true })
  approvedBy!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  approvedAt!: Date | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  definition!: object;

  @ApiProperty({ type: [FindingView], description: 'of a draft: what forbids its approval' })
  problems!: FindingView[];

  @ApiProperty({ type: [FindingView], description: 'of a draft: what its approver should know' })
  warnings!: FindingView[];
}

export class AgreementPage {
  @ApiProperty({ type: [AgreementView] })
  items!: AgreementView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
