import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { list } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { decodeCursor, pageOf } from '#libs/http';
import { Allow } from '../policy.ts';
import { LotPage, LotQuery } from './lot.dto.ts';
import { LotRepository } from './lot.repository.ts';

@ApiTags('lots')
@Controller('v1/lots')
export class LotsController {
  constructor(private readonly lots: LotRepository) {}

  /** Production lots with who made them and what is left. */
  @Allow('lot.list', list)
  @Get()
  @ApiOkResponse({ type: LotPage })
  async list(@Query() { sku, cursor, limit }: LotQuery): Promise<LotPage> {
    const rows = await this.lots.list(sku, decodeCursor(cursor, StoredText) ?? '', limit + 1);
    return pageOf(rows, limit, ({ lotId }) => lotId);
  }
}
