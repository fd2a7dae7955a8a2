import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  FacilityId,
  Flag,
  LocalDate,
  MakerId,
  Money,
  oneOf,
  PastDate,
  Sku,
  StoredText,
  Units,
  Weight,
} from '#libs/contracts';
import { NestedList, PageQuery, Parameter, Value } from '#libs/http';

const ORDERS = ['id', 'newest'] as const;

export class LotQuery extends PageQuery {
  @Parameter(oneOf(ORDERS), { optional: true, default: 'id', description: 'newest: those made last come first' })
  order: (typeof ORDERS)[number] = 'id';

  @Parameter(StoredText, { optional: true, description: 'only lots of this product' })
  sku?: string;

  @Parameter(FacilityId, { optional: true })
  facilityId?: string;

  @Parameter(Flag, { optional: true, description: 'true: lots whose makers are recorded; false: the others' })
  recorded?: boolean;

  @Parameter(Flag, { optional: true, description: 'true: lots of which something is left; false: the others' })
  available?: boolean;

  @Parameter(LocalDate, { optional: true, description: 'made on this day or later' })
  from?: string;

  @Parameter(LocalDate, { optional: true, description: 'made on this day or earlier' })
  to?: string;
}

const measures = ['hours', 'pieces', 'weight', 'equal'] as const;
const MAKERS_MAX = 1_000;

class ContributionDto {
  @Value(MakerId, { example: 'M-01' })
  readonly makerId!: string;

  @Value(Weight, { example: '7.5', description: 'in the measure of the lot; not read when that is equal' })
  readonly value!: string;
}

export class ContributionsDto {
  @Value(oneOf(measures))
  readonly measure!: (typeof measures)[number];

  @NestedList(ContributionDto, { min: 1, max: MAKERS_MAX, description: 'all zero: nobody is recorded' })
  readonly contributions!: ContributionDto[];
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

class ContributionView {
  @ApiProperty()
  makerId!: string;

  @ApiProperty({ description: 'exact decimal, in the measure of the lot', example: '7.5' })
  value!: string;
}

export class LotView {
  @ApiProperty()
  lotId!: string;

  @ApiProperty()
  sku!: string;

  @ApiProperty()
  facilityId!: string;

  @ApiProperty({ description: 'pieces made' })
  quantity!: number;

  @ApiProperty({ description: 'pieces that no order has taken' })
  available!: number;

  @ApiProperty({ description: 'production cost of a piece in whole rupiah' })
  unitCost!: number;

  @ApiProperty({ format: 'date' })
  madeOn!: string;

  @ApiProperty({ enum: measures })
  measure!: string;

  @ApiProperty({ type: [ContributionView], description: 'empty where nobody is recorded' })
  contributions!: ContributionView[];
}

export class LotPage {
  @ApiProperty({ type: [LotView] })
  items!: LotView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
