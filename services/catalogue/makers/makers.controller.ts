import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { list } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { decodeCursor, pageOf } from '#libs/http';
import { Allow } from '../policy.ts';
import { MakerPage, MakerQuery } from './maker.dto.ts';
import { MakerRepository } from './maker.repository.ts';

@ApiTags('makers')
@Controller('v1/makers')
export class MakersController {
  constructor(private readonly makers: MakerRepository) {}

  @Allow('maker.list', list)
  @Get()
  @ApiOkResponse({ type: MakerPage })
  async list(@Query() { facilityId, cursor, limit }: MakerQuery): Promise<MakerPage> {
    const rows = await this.makers.list(facilityId, decodeCursor(cursor, StoredText) ?? '', limit + 1);
    return pageOf(rows, limit, ({ makerId }) => makerId);
  }
}
