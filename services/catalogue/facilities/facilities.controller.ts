import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Open } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { decodeCursor, PageQuery, pageOf } from '#libs/http';
import { FacilityPage } from './facility.dto.ts';
import { FacilityRepository } from './facility.repository.ts';

@ApiTags('facilities')
@Controller('v1/facilities')
export class FacilitiesController {
  constructor(private readonly facilities: FacilityRepository) {}

  @Open()
  @Get()
  @ApiOkResponse({ type: FacilityPage })
  async list(@Query() { cursor, limit }: PageQuery): Promise<FacilityPage> {
    const rows = await this.facilities.list(decodeCursor(cursor, StoredText) ?? '', limit + 1);
    return pageOf(rows, limit, ({ facilityId }) => facilityId);
  }
}
