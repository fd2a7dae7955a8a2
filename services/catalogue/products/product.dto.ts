import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class ProductView {
  @ApiProperty()
  sku!: string;

  @ApiProperty()
  facilityId!: string;

  @ApiProperty({ enum: ['craft', 'culinary', 'fashion'] })
  category!: string;

  @ApiProperty({ description: 'Indonesian' })
  titleId!: string;

  @ApiProperty({ description: 'English' })
  titleEn!: string;

  @ApiProperty({ description: 'list price in whole rupiah' })
  price!: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'programme (pembinaan) it is made under' })
  programme!: string | null;

  @ApiProperty({ description: 'pieces in all lots that no order has taken' })
  available!: number;
}

export class ProductPage {
  @ApiProperty({ type: [ProductView] })
  items!: ProductView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
