import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { oneOf } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

const FORMATS = ['json', 'csv'] as const;

export class FeedQuery extends PageQuery {
  @Parameter(oneOf(FORMATS), { optional: true, default: 'json' })
  format: (typeof FORMATS)[number] = 'json';
}

/** A product as a marketplace shows it. */
export class OfferView {
  @ApiProperty()
  sku!: string;

  @ApiProperty()
  facilityId!: string;

  @ApiProperty()
  facilityName!: string;

  @ApiProperty({ description: 'one of GET /v1/categories' })
  category!: string;

  @ApiProperty({ description: 'Indonesian' })
  titleId!: string;

  @ApiProperty({ description: 'English' })
  titleEn!: string;

  @ApiProperty({ type: 'integer', description: 'list price in whole rupiah' })
  price!: number;

  @ApiProperty({ type: 'integer', description: 'pieces that can be sold now; 0: sell none' })
  available!: number;

  @ApiProperty({
    type: [String],
    description: 'names under which makers of these pieces want to be shown, as long as they do',
  })
  madeBy!: string[];
}

export class OfferPage {
  @ApiProperty({ type: [OfferView] })
  items!: OfferView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
