import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Uuid } from '#libs/contracts';
import { decodeCursor, PageQuery, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import { RefusedEventRepository } from './refused-event.repository.ts';

@ApiTags('journals')
@Controller('v1/refused-events')
export class RefusedEventsController {
  constructor(private readonly refusedEvents: RefusedEventRepository) {}

  @Allow('refused-event.read')
  @Get()
  async list(@Query() { cursor, limit }: PageQuery) {
    const refused = await this.refusedEvents.list({ after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(refused, limit, ({ eventId }) => eventId);
  }
}
