import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  FacilityId,
  Flag,
  LocalDate,
  Money,
  Ordinal,
  oneOf,
  PastDate,
  Reason,
  Sku,
  StoredText,
  Units,
} from '#libs/contracts';
import { NestedList, PageQuery, Parameter, Value } from '#libs/http';
import { ContributionDto, ContributionView, MAKERS_MAX, measures } from '../contributions/contribution.dto.ts';

const ORDERS = ['id', 'newest'] as const;

export class LotQuery extends PageQuery {
  @Parameter(oneOf(ORDERS), { optional: true, default: 'id', description: 'newest: those made last come first' })
  readonly order: (typeof ORDERS)[number] = 'id';

  @Parameter(StoredText, { optional: true, description: 'only lots of this product' })
  readonly sku?: string;

  @Parameter(FacilityId, { optional: true })
  readonly facilityId?: string;

  @Parameter(Flag, { optional: true, description: 'true: lots whose makers are recorded; false: the others' })
  readonly recorded?: boolean;

  @Parameter(Flag, { optional: true, description: 'true: lots of which something is left; false: the others' })
  readonly available?: boolean;

  @Parameter(LocalDate, { optional: true, description: 'made on this day or later' })
  readonly from?: string;

  @Parameter(LocalDate, { optional: true, description: 'made on this day or earlier' })
  readonly to?: string;
}

export class LotDto {
  @Value(Sku, { description: 'a product of the facility that made it' })
  readonly sku!: string;

  @Value(Units)
  readonly quantity!: number;

  @Value(Money, { description: 'production cost of a piece in whole rupiah' })
  readonly unitCost!: number;

  @Value(PastDate)
  readonly madeOn!: string;

  @Value(oneOf(measures))
  readonly measure!: (typeof measures)[number];

  @NestedList(ContributionDto, { min: 0, max: MAKERS_MAX, description: 'none: nobody is recorded yet' })
  readonly contributions!: ContributionDto[];
}

/** What a lot should have been. What is not said stays: its product. */
export class CorrectionDto {
  @Value(Ordinal, { description: 'version of the lot that is corrected, so that nothing newer is' })
  readonly version!: number;

  @Value(Units, { description: 'pieces made' })
  readonly quantity!: number;

  @Value(Money, { description: 'production cost of a piece in whole rupiah' })
  readonly unitCost!: number;

  @Value(PastDate)
  readonly madeOn!: string;

  @Value(oneOf(measures))
  readonly measure!: (typeof measures)[number];

  @NestedList(ContributionDto, { min: 0, max: MAKERS_MAX, description: 'none: nobody is recorded' })
  readonly contributions!: ContributionDto[];

  @Value(Reason)
  readonly reason!: string;
}

export class LotView {
  @ApiProperty()
  readonly lotId!: string;

  @ApiProperty({ type: 'integer', description: 'how often it was written down; 1: it was never corrected' })
  readonly version!: number;

  @ApiProperty()
  readonly sku!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ description: 'pieces made' })
  readonly quantity!: number;

  @ApiProperty({ description: 'pieces that can be sold' })
  readonly available!: number;

  @ApiProperty({ description: 'production cost of a piece in whole rupiah' })
  readonly unitCost!: number;

  @ApiProperty({ format: 'date' })
  readonly madeOn!: string;

  @ApiProperty({ enum: measures })
  readonly measure!: (typeof measures)[number];

  @ApiProperty({ type: [ContributionView], description: 'empty where nobody is recorded' })
  readonly contributions!: ContributionView[];
}

export class LotPage {
  @ApiProperty({ type: [LotView] })
  readonly items!: LotView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
