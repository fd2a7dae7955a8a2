import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Instant, oneOf, Region, StoredText } from '#libs/contracts';
import { DecidedView, type Decision } from '#libs/decisions';
import { JsonObject, Nested, PageQuery, Parameter, Value } from '#libs/http';
import { SentenceView } from '../../books/journals/sentence.dto.ts';
import { type ScopeLevel, scopeLevels } from './in-force.ts';

class ScopeDto {
  @Value(oneOf(scopeLevels), { description: 'from the widest to the most specific, which wins' })
  level!: ScopeLevel;

  @Value(Region, {
    optional: true,
    description: 'region, facility, programme or SKU, as the catalogue has it',
    example: 'F1',
  })
  id?: string;
}

export class AgreementDraftDto {
  @Nested(ScopeDto)
  scope!: ScopeDto;

  @Value(Instant, { description: 'first instant at which orders are placed under it' })
  effectiveFrom!: string;

  @Value(Instant, {
    optional: true,
    description: 'first instant at which no longer; without: until further notice',
  })
  effectiveUntil?: string;

  @JsonObject({ description: 'as GET /v1/agreements/schema says' })
  definition!: object;
}

const statuses = ['draft', 'approved', 'superseded', 'rejected', 'withdrawn'] as const;

export class AgreementQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, description: 'only the versions of this agreement', example: 'ID-1990' })
  id?: string;

  @Parameter(oneOf(statuses), { optional: true })
  status?: (typeof statuses)[number];
}

export class FindingView {
  @ApiPropertyOptional({ description: 'id of the step at fault' })
  step?: string;

  @ApiProperty({ type: SentenceView })
  message!: SentenceView;
}

class ScopeView {
  @ApiProperty({ enum: scopeLevels })
  level!: ScopeLevel;

  @ApiProperty({ type: 'string', nullable: true })
  id!: string | null;
}

export class AgreementView extends DecidedView {
  @ApiProperty({ example: 'ID-1990' })
  id!: string;

  @ApiProperty({ example: 1 })
  version!: number;

  @ApiProperty({ type: ScopeView })
  scope!: ScopeView;

  @ApiProperty({
    enum: statuses,
    description: 'superseded: a later version is approved; until that begins, this one stays in force',
  })
  status!: Decision['status'] | 'superseded';

  @ApiProperty({ format: 'date-time' })
  effectiveFrom!: Date;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'its own end, or a later version’s beginning',
  })
  effectiveUntil!: Date | null;

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
