import { ApiProperty } from '@nestjs/swagger';
import type { Channel } from './channel.repository.ts';

export class ChannelView implements Channel {
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
