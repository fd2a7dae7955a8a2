import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Open } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { decodeCursor, pageOf } from '#libs/http';
import { ProductPage, ProductQuery, skusOf } from './product.dto.ts';
import { ProductRepository } from './product.repository.ts';

@ApiTags('products')
@Controller('v1/products')
export class ProductsController {
  constructor(private readonly products: ProductRepository) {}

  @Open()
  @Get()
  @ApiOkResponse({ type: ProductPage })
  async list(@Query() { skus, facilityId, cursor, limit }: ProductQuery): Promise<ProductPage> {
    const rows = await this.products.list(
      { skus: skusOf(skus), facilityId },
      decodeCursor(cursor, StoredText) ?? '',
      limit + 1,
    );
    return pageOf(rows, limit, ({ sku }) => sku);
  }
}
