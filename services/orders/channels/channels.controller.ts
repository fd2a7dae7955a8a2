import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Open } from '#libs/access';
import { Database } from '#libs/database';
import { ChannelView } from './channel.dto.ts';
import { ChannelRepository } from './channel.repository.ts';

@ApiTags('channels')
@Controller('v1/channels')
export class ChannelsController {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRepository,
  ) {}

  @Open()
  @Get()
  @ApiOperation({ summary: 'Marketplaces and shops that orders come from' })
  @ApiOkResponse({ type: [ChannelView] })
  all(): Promise<ChannelView[]> {
    return this.channels.all(this.database);
  }
}
