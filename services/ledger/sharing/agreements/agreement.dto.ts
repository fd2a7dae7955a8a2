import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Instant, oneOf, Region, StoredText } from '#libs/contracts';
import { DecidedView, type Decision } from '#libs/decisions';
import { JsonObject, Nested, PageQuery, Parameter, Value } from '#libs/http';
import { SentenceView } from '../../books/journals/sentence.dto.ts';
import { type ScopeLevel, scopeLevels } from './in-force.ts';

class ScopeDto {
  @Value(oneOf(scopeLevels), { description: 'from the widest to the most specific, which wins' })
  readonly level!: ScopeLevel;

  @Value(Region, {
    optional: true,
    description: 'region, facility, programme or SKU, as the catalogue has it',
    example: 'F1',
  })
  readonly id?: string;
}

export class AgreementDraftDto {
  @Nested(ScopeDto)
  readonly scope!: ScopeDto;

  @Value(Instant, { description: 'first instant at which orders are placed under it' })
  readonly effectiveFrom!: string;

  @Value(Instant, {
    optional: true,
    description: 'first instant at which no longer; without: until further notice',
  })
  readonly effectiveUntil?: string;

  @JsonObject({ description: 'as GET /v1/agreements/schema says' })
  readonly definition!: object;
}

const statuses = ['draft', 'approved', 'superseded', 'rejected', 'withdrawn'] as const;

export class AgreementQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, description: 'only the versions of this agreement', example: 'ID-1990' })
  readonly id?: string;

  @Parameter(oneOf(statuses), { optional: true })
  readonly status?: (typeof statuses)[number];
}

export class FindingView {
  @ApiPropertyOptional({ description: 'id of the step at fault' })
  readonly step?: string;

  @ApiProperty({ type: SentenceView })
  readonly message!: SentenceView;
}

class ScopeView {
  @ApiProperty({ enum: scopeLevels })
  readonly level!: ScopeLevel;

  @ApiProperty({ type: 'string', nullable: true })
  readonly id!: string | null;
}

export class AgreementView extends DecidedView {
  @ApiProperty({ example: 'ID-1990' })
  readonly id!: string;

  @ApiProperty({ example: 1 })
  readonly version!: number;

  @ApiProperty({ type: ScopeView })
  readonly scope!: ScopeView;

  @ApiProperty({
    enum: statuses,
    description: 'superseded: a later version is approved; until that begins, this one stays in force',
  })
  readonly status!: Decision['status'] | 'superseded';

  @ApiProperty({ format: 'date-time' })
  readonly effectiveFrom!: Date;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'its own end, or a later version’s beginning',
  })
  readonly effectiveUntil!: Date | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  readonly definition!: object;

  @ApiProperty({ type: [FindingView], description: 'of a draft: what forbids its approval' })
  readonly problems!: FindingView[];

  @ApiProperty({ type: [FindingView], description: 'of a draft: what its approver should know' })
  readonly warnings!: FindingView[];
}

export class AgreementPage {
  @ApiProperty({ type: [AgreementView] })
  readonly items!: AgreementView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
