import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { body, channelList, channelsOf, InScope, type Scope } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, notFound, pageOf } from '#libs/http';
import { ChannelRepository } from '../channels/channel.repository.ts';
import { Allow } from '../policy.ts';
import { GivenUpPage, GivenUpQuery, RedriveDto, RedrivenView } from './outgoing-webhook.dto.ts';
import { OutgoingWebhookRepository } from './outgoing-webhook.repository.ts';

@ApiTags('webhooks')
@Controller('v1/outgoing-webhooks')
export class OutgoingWebhooksController {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRepository,
    private readonly webhooks: OutgoingWebhookRepository,
  ) {}

  @Allow('outgoing-webhook.list', channelList)
  @Get('given-up')
  @ApiOperation({ summary: 'Outcomes that a marketplace did not take by webhook for three days' })
  @ApiOkResponse({ type: GivenUpPage })
  async givenUp(@Query() { channel, cursor, limit }: GivenUpQuery, @InScope() scope: Scope): Promise<GivenUpPage> {
    const after = decodeCursor(cursor, StoredText) ?? '';
    const rows = await this.webhooks.givenUp(this.database, channelsOf(scope, channel), after, limit + 1);
    return pageOf(rows, limit, ({ orderId }) => orderId);
  }

  @Allow('outgoing-webhook.redrive', body('channel'))
  @Post('redrives')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send again what was given up, and what waits behind it' })
  @ApiOkResponse({ type: RedrivenView })
  @ApiNotFoundResponse({ description: 'there is no such channel' })
  async redrive(@Body() { channel }: RedriveDto): Promise<RedrivenView> {
    return this.database.transaction(async (transaction) => {
      if (!(await this.channels.lock(transaction, channel))) throw notFound('Channel', channel);
      return { redriven: await this.webhooks.redrive(transaction, channel) };
    });
  }
}
