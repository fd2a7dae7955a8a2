import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { By } from '#libs/access';
import { fault, patterned } from '#libs/contracts';
import { decodeCursor, notFound, PathValue, Problem, pageOf } from '#libs/http';
import { UndeliverableDesk } from '#libs/messaging';
import { DeadLettersQuery, DecisionDto } from './dead-letters.controller.ts';
import { Allow } from './policy.ts';

/** Numbers of the outbox. */
const MessageNumber = patterned(
  { pattern: '^\\d{1,18}$', lengthMax: 18, description: 'number of the message in the outbox' },
  fault('not-a-number', 'must be 1 to 18 digits', 'harus 1 sampai 18 angka'),
);

/** Messages of this service that the broker refused for good. Those of the same key wait behind them. */
@ApiTags('operations')
@Controller('v1/undeliverable')
export class UndeliverableController {
  constructor(private readonly desk: UndeliverableDesk) {}

  @Allow('dead-letter.read')
  @Get()
  async list(@Query() { all, cursor, limit }: DeadLettersQuery) {
    const messages = await this.desk.list({ all, after: decodeCursor(cursor, MessageNumber), limit: limit + 1 });
    return pageOf(messages, limit, ({ id }) => id);
  }

  @Allow('dead-letter.read')
  @Get(':id')
  async find(@PathValue('id', MessageNumber) id: string) {
    const found = await this.desk.find(id);
    if (!found) throw notFound('Undeliverable message', id);
    return found;
  }

  /** Of all that wait. */
  @Allow('dead-letter.resolve')
  @Post('redrive')
  @HttpCode(200)
  async redriveAll(@By() by: string, @Body() { reason }: DecisionDto) {
    return { resolved: await this.desk.redrive(undefined, { by, reason }) };
  }

  @Allow('dead-letter.resolve')
  @Post(':id/redrive')
  @HttpCode(200)
  async redrive(@PathValue('id', MessageNumber) id: string, @By() by: string, @Body() { reason }: DecisionDto) {
    await this.#unresolved(id);
    return { resolved: await this.desk.redrive(id, { by, reason }) };
  }

  @Allow('dead-letter.resolve')
  @Post(':id/discard')
  @HttpCode(200)
  async discard(@PathValue('id', MessageNumber) id: string, @By() by: string, @Body() { reason }: DecisionDto) {
    await this.#unresolved(id);
    return this.desk.discard(id, { by, reason });
  }

  async #unresolved(id: string): Promise<void> {
    const { resolution } = await this.find(id);
    if (resolution)
      throw new Problem({ status: 409, title: 'Already resolved', detail: `${resolution.action} before` });
  }
}
