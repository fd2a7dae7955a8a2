import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { oneOf } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

const FORMATS = ['json', 'csv'] as const;

export class FeedQuery extends PageQuery {
  @Parameter(oneOf(FORMATS), { optional: true, default: 'json' })
  readonly format: (typeof FORMATS)[number] = 'json';
}

/** A product as a marketplace shows it. */
export class OfferView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty()
  readonly facilityName!: string;

  @ApiProperty({ description: 'one of GET /v1/categories' })
  readonly category!: string;

  @ApiProperty({ description: 'Indonesian' })
  readonly titleId!: string;

  @ApiProperty({ description: 'English' })
  readonly titleEn!: string;

  @ApiProperty({ type: 'integer', description: 'list price in whole rupiah' })
  readonly price!: number;

  @ApiProperty({ type: 'integer', description: 'pieces that can be sold now; 0: sell none' })
  readonly available!: number;

  @ApiProperty({
    type: [String],
    description: 'names under which makers of these pieces want to be shown, as long as they do',
  })
  readonly madeBy!: string[];
}

export class OfferPage {
  @ApiProperty({ type: [OfferView] })
  readonly items!: OfferView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
