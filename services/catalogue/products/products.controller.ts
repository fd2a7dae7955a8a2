import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Open, row } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { decodeCursor, notFound, PathValue, pageOf } from '#libs/http';
import { Allow } from '../policy.ts';
import { LowStockDto, ProductPage, ProductQuery, ProductView, skusOf } from './product.dto.ts';
import { ProductRepository } from './product.repository.ts';

@ApiTags('products')
@Controller('v1/products')
export class ProductsController {
  constructor(private readonly products: ProductRepository) {}

  @Open()
  @Get()
  @ApiOkResponse({ type: ProductPage })
  async list(@Query() { skus, cursor, limit, ...filter }: ProductQuery): Promise<ProductPage> {
    const rows = await this.products.list(
      { skus: skusOf(skus), ...filter },
      decodeCursor(cursor, StoredText) ?? '',
      limit + 1,
    );
    return pageOf(rows, limit, ({ sku }) => sku);
  }

  /** Below how many pieces a product is among those of which there are few. */
  @Allow('stock.adjust', row)
  @Put(':sku/low-stock')
  @ApiOkResponse({ type: ProductView })
  @ApiNotFoundResponse()
  async watch(@PathValue('sku', StoredText) sku: string, @Body() { lowStock }: LowStockDto): Promise<ProductView> {
    const product = await this.products.watch(sku, lowStock);
    if (!product) throw notFound('Product', sku);
    return product;
  }
}
