import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class LotQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, description: 'only lots of this product' })
  sku?: string;
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

  @ApiProperty({ enum: ['hours', 'pieces', 'weight', 'equal'] })
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
