import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { type Channel, ChannelRepository } from './channel.repository.ts';

class ChannelView implements Channel {
  @ApiProperty({ example: 'blanja' })
  readonly channelId!: string;
  @ApiProperty({ example: 'Blanja' })
  readonly name!: string;
  @ApiProperty({ enum: ['escrow', 'gateway'], description: 'escrow: the channel holds the money when it tells us' })
  readonly payment!: Channel['payment'];
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'days after the order until its money is available; null: it is when the channel reports settlement',
  })
  readonly returnWindowDays!: Channel['returnWindowDays'];
}

@ApiTags('channels')
@Controller('v1/channels')
export class ChannelsController {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Marketplaces and shops that orders come from' })
  @ApiOkResponse({ type: [ChannelView] })
  all(): Promise<ChannelView[]> {
    return this.channels.all(this.database);
  }
}
