import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  channelList,
  channelsOf,
  InScope,
  PersonalReadRepository,
  type Reader,
  ReadToRepair,
  type Scope,
} from '#libs/access';
import { Uuid } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, notFound, PathValue, pageOf } from '#libs/http';
import { Allow } from '../policy.ts';
import { OpenedWebhookMessageView, WebhookMessagePage, WebhookMessageQuery } from './webhook.dto.ts';
import { WebhookMessageRepository } from './webhook-message.repository.ts';

@ApiTags('webhooks')
@Controller('v1/webhook-messages')
export class WebhookMessagesController {
  constructor(
    private readonly database: Database,
    private readonly messages: WebhookMessageRepository,
    private readonly reads: PersonalReadRepository,
  ) {}

  @Allow('webhook-message.list', channelList)
  @Get()
  @ApiOperation({ summary: 'What marketplaces sent by webhook, newest first, and what became of it' })
  @ApiOkResponse({ type: WebhookMessagePage })
  async list(
    @Query() { channel, cursor, limit }: WebhookMessageQuery,
    @InScope() scope: Scope,
  ): Promise<WebhookMessagePage> {
    const rows = await this.messages.list(
      this.database,
      { before: decodeCursor(cursor, Uuid), channels: channelsOf(scope, channel) },
      limit + 1,
    );
    return pageOf(rows, limit, ({ messageId }) => messageId);
  }

  /** With what it holds, whatever that is: that it was opened is written down before. */
  @Allow('webhook-message.open')
  @Get(':id')
  @ApiOkResponse({ type: OpenedWebhookMessageView })
  @ApiNotFoundResponse()
  async open(@PathValue('id', Uuid) id: string, @ReadToRepair() reader: Reader): Promise<OpenedWebhookMessageView> {
    const message = await this.messages.open(this.database, id);
    if (!message) throw notFound('Webhook message', id);
    await this.reads.append({ ...reader, route: `GET /v1/webhook-messages/${id}`, makerIds: [] });
    return message;
  }
}
