import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '#libs/access';
import { Database } from '#libs/database';
import { EventTransport } from '#libs/messaging';

const CHECK_TIMEOUT_MS = 2_000;

/** What an operator's tools ask every service. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(
    private readonly database: Database,
    private readonly transport: EventTransport,
  ) {}

  /** The process answers. A broker or database that is down does not make it dead. */
  @Public()
  @Get('health/live')
  @HttpCode(200)
  live() {
    return { status: 'live' };
  }

  /** The database answers and the consumer is a member of its group. What else is said makes it no less ready. */
  @Public()
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response) {
    const database = await answers(this.database.query('SELECT 1'));
    const consumer = this.transport.isReady;
    response.status(database && consumer ? 200 : 503);
    return {
      status: database && consumer ? 'ready' : 'not ready',
      database,
      consumer,
      waiting: this.transport.waiting,
      topicMisfits: this.transport.topicMisfits,
    };
  }
}

async function answers(check: Promise<unknown>): Promise<boolean> {
  const timeout = new Promise<boolean>((resolve) => setTimeout(resolve, CHECK_TIMEOUT_MS, false).unref());
  return Promise.race([check.then(() => true).catch(() => false), timeout]);
}
