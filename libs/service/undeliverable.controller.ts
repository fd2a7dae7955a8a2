import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { decodeCursor, notFound, Problem, pageOf } from '#libs/http';
import { UndeliverableDesk } from '#libs/messaging';
import { DeadLettersQuery, DecisionDto } from './dead-letters.controller.ts';

/** Numbers of the outbox. */
const IDS = /^\d{1,18}$/;

/** Messages of this service that the broker refused for good. Those of the same key wait behind them. */
@ApiTags('operations')
@Controller('v1/undeliverable')
export class UndeliverableController {
  constructor(private readonly desk: UndeliverableDesk) {}

  @Get()
  async list(@Query() { all, cursor, limit }: DeadLettersQuery) {
    const after = decodeCursor(cursor);
    if (after !== undefined && !IDS.test(after)) throw new Problem({ status: 400, title: 'Invalid request' });
    const messages = await this.desk.list({ all, after, limit: limit + 1 });
    return pageOf(messages, limit, ({ id }) => id);
  }

  @Get(':id')
  async find(@Param('id') id: string) {
    const found = IDS.test(id) ? await this.desk.find(id) : undefined;
    if (!found) throw notFound('Undeliverable message', id);
    return found;
  }

  /** Of all that wait. */
  @Post('redrive')
  @HttpCode(200)
  async redriveAll(@Body() decision: DecisionDto) {
    return { resolved: await this.desk.resolve(undefined, { action: 'redriven', ...decision }) };
  }

  @Post(':id/redrive')
  @HttpCode(200)
  redrive(@Param('id') id: string, @Body() decision: DecisionDto) {
    return this.#resolve(id, { action: 'redriven', ...decision });
  }

  @Post(':id/discard')
  @HttpCode(200)
  discard(@Param('id') id: string, @Body() decision: DecisionDto) {
    return this.#resolve(id, { action: 'discarded', ...decision });
  }

  async #resolve(id: string, decision: { action: 'redriven' | 'discarded'; by: string; reason: string }) {
    const { resolution } = await this.find(id);
    if (resolution)
      throw new Problem({ status: 409, title: 'Already resolved', detail: `${resolution.action} before` });
    return { resolved: await this.desk.resolve(id, decision) };
  }
}
