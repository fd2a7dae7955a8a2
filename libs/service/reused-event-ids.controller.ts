import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Uuid } from '#libs/contracts';
import { decodeCursor, PageQuery, pageOf } from '#libs/http';
import { DeadLetterDesk } from '#libs/messaging';
import { Allow } from './policy.ts';

/**
 * Events from outside whose sender had used their id for another event before. They were judged by what they say, as any
 * other; but their sender should know.
 */
@ApiTags('operations')
@Controller('v1/reused-event-ids')
export class ReusedEventIdsController {
  constructor(private readonly desk: DeadLetterDesk) {}

  @Allow('dead-letter.read')
  @Get()
  async list(@Query() { cursor, limit }: PageQuery) {
    const events = await this.desk.reusedEventIds({ before: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(
      events.map((event) => ({ code: 'event-id-reused', ...event })),
      limit,
      ({ eventId }) => eventId,
    );
  }
}
