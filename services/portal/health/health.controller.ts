import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '#libs/access';
import { Database } from '#libs/database';
import { FeedService } from '../feed/feed.service.ts';

const CHECK_TIMEOUT_MS = 2_000;

/** What an operator's tools ask. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly feed: FeedService,
  ) {}

  @Public()
  @Get('live')
  @HttpCode(200)
  live() {
    return { status: 'live' };
  }

  /** The database answers. Without the feed pages ask every half minute, and without a service they lack its part. */
  @Public()
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response) {
    const database = await Promise.race([
      this.database.query('SELECT 1').then(
        () => true,
        () => false,
      ),
      sleep(CHECK_TIMEOUT_MS, false, { ref: false }),
    ]);
    response.status(database ? 200 : 503);
    return { status: database ? 'ready' : 'not ready', database, feed: this.feed.isReady };
  }
}
