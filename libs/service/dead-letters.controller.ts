import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { decodeCursor, notFound, PageQuery, Problem, pageOf } from '#libs/http';
import { DeadLetterDesk, type KeptDeadLetter, NotFirstOfKey } from '#libs/messaging';

export class DeadLettersQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'also those that are resolved' })
  @IsOptional()
  @Transform(({ value }) => value === 'true')
  @IsBoolean()
  all = false;
}

/** Who decides about a dead letter, and why: both are kept with it. */
export class DecisionDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  by!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  reason!: string;
}

/** Messages that this service could not process, and those that wait behind them. */
@ApiTags('operations')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly desk: DeadLetterDesk) {}

  @Get()
  async list(@Query() { all, cursor, limit }: DeadLettersQuery) {
    const letters = await this.desk.list({ all, after: decodeCursor(cursor), limit: limit + 1 });
    return pageOf(letters, limit, ({ id }) => id);
  }

  @Get(':id')
  find(@Param('id', ParseUUIDPipe) id: string) {
    return this.#letter(id);
  }

  @Post(':id/redrive')
  @HttpCode(200)
  async redrive(@Param('id', ParseUUIDPipe) id: string, @Body() decision: DecisionDto) {
    const letter = await this.#unresolved(id);
    return this.desk.redrive(letter, decision).catch(conflict);
  }

  @Post(':id/discard')
  @HttpCode(200)
  async discard(@Param('id', ParseUUIDPipe) id: string, @Body() decision: DecisionDto) {
    const letter = await this.#unresolved(id);
    return this.desk.discard(letter, decision).catch(conflict);
  }

  async #letter(id: string): Promise<KeptDeadLetter> {
    const letter = await this.desk.find(id);
    if (!letter) throw notFound('Dead letter', id);
    return letter;
  }

  async #unresolved(id: string): Promise<KeptDeadLetter> {
    const letter = await this.#letter(id);
    if (letter.resolution) {
      const { action, by, at } = letter.resolution;
      throw new Problem({
        status: 409,
        title: 'Already resolved',
        detail: `${action} by ${by} at ${at.toISOString()}`,
      });
    }
    return letter;
  }
}

function conflict(error: unknown): never {
  if (error instanceof NotFirstOfKey) throw new Problem({ status: 409, title: 'Not first', detail: error.message });
  throw error;
}
