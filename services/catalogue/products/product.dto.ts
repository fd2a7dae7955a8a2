import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FacilityId, type Fault, Flag, fault, type Judgement, type Kind, Pieces, Sku } from '#libs/contracts';
import { PageQuery, Parameter, Value } from '#libs/http';

const SKUS_MAX = 100;
const wrong: Fault = fault(
  'not-skus',
  `must be 1 to ${SKUS_MAX} codes of goods with commas between them, a comma in one written %2C and a percent sign %25`,
  `harus 1 sampai ${SKUS_MAX} kode barang dipisah koma; koma di dalamnya ditulis %2C dan tanda persen %25`,
);

/** Codes of goods are text of others, which may hold a comma. */
export function skusOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  try {
    const skus = text.split(',').map(decodeURIComponent);
    return skus.length <= SKUS_MAX && skus.every((sku) => !Sku.read(sku).fault) ? skus : undefined;
  } catch {
    return undefined;
  }
}

const Skus: Kind<string> = {
  published: {
    type: 'string',
    description: `codes of at most ${SKUS_MAX} goods, with commas between them; a comma in one is written %2C, a percent sign %25`,
  },
  judge: (value): Judgement<string> => (typeof value === 'string' && skusOf(value) ? { value } : { fault: wrong }),
  read: (text): Judgement<string> => (skusOf(text) ? { value: text } : { fault: wrong }),
};

export class ProductQuery extends PageQuery {
  @Parameter(Skus, { optional: true, example: 'TAS-KULIT-01,TAS-KULIT-02' })
  readonly skus?: string;

  @Parameter(FacilityId, { optional: true })
  readonly facilityId?: string;

  @Parameter(Flag, { optional: true, description: 'true: of which there are few; false: the others' })
  readonly low?: boolean;
}

export class LowStockDto {
  @Value(Pieces, { description: 'with fewer pieces than this there are few of it; 0: nobody watches' })
  readonly lowStock!: number;
}

export class ProductView {
  @ApiProperty()
  readonly sku!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ example: 'craft', description: 'one of GET /v1/categories' })
  readonly category!: string;

  @ApiProperty({ description: 'Indonesian' })
  readonly titleId!: string;

  @ApiProperty({ description: 'English' })
  readonly titleEn!: string;

  @ApiProperty({ description: 'list price in whole rupiah' })
  readonly price!: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'programme (pembinaan) it is made under' })
  readonly programme!: string | null;

  @ApiProperty({ description: 'pieces in all lots that can be sold' })
  readonly available!: number;

  @ApiProperty({ type: 'integer', description: 'with fewer pieces than this there are few of it; 0: nobody watches' })
  readonly lowStock!: number;
}

export class ProductPage {
  @ApiProperty({ type: [ProductView] })
  readonly items!: ProductView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
