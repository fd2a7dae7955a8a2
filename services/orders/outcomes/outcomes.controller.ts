import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { query } from '#libs/access';
import { Database } from '#libs/database';
import { notFound } from '#libs/http';
import { ChannelRepository } from '../channels/channel.repository.ts';
import { Allow } from '../policy.ts';
import { OutcomeQuery, OutcomesView, placedViewOf } from './outcome.dto.ts';
import { OutcomeRepository } from './outcome.repository.ts';

@ApiTags('outcomes')
@Controller('v1/outcomes')
export class OutcomesController {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRepository,
    private readonly outcomes: OutcomeRepository,
  ) {}

  @Allow('outcome.list', query('channel'))
  @Get()
  @ApiOperation({
    summary: 'What has become of the orders of a channel, oldest first',
    description: 'An order’s in their order; nothing appears later before what was read. The same as on Kafka.',
  })
  @ApiOkResponse({ type: OutcomesView })
  @ApiNotFoundResponse({ description: 'there is no such channel' })
  async after(@Query() { channel, after, limit }: OutcomeQuery): Promise<OutcomesView> {
    const stored = await this.database.transaction(async (transaction) => {
      if (!(await this.channels.lock(transaction, channel))) throw notFound('Channel', channel);
      return this.outcomes.take(transaction, channel, after, limit);
    });
    return { items: stored.map(placedViewOf), after: stored.at(-1)?.position ?? after };
  }
}
