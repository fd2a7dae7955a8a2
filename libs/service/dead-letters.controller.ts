import { isUtf8 } from 'node:buffer';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { By, PersonalReadRepository, type Reader, ReadToRepair } from '#libs/access';
import { Flag, Reason, StoredText, Uuid } from '#libs/contracts';
import { decodeCursor, notFound, PageQuery, Parameter, PathValue, Problem, pageOf, Value } from '#libs/http';
import {
  DeadLetterDesk,
  type DeadLetterSummary,
  type KeptDeadLetter,
  type ListedDeadLetter,
  NotFirstOfKey,
} from '#libs/messaging';
import { Allow } from './policy.ts';

export class DeadLettersQuery extends PageQuery {
  @Parameter(Flag, { optional: true, description: 'also those that are resolved' })
  all = false;
}

/** Why it is decided so: kept with the dead letter, and with who decides. */
export class DecisionDto {
  @Value(Reason)
  reason!: string;
}

class DeadLetterSummaryView implements DeadLetterSummary {
  @ApiProperty({ type: 'integer', description: 'messages that could not be processed' })
  poison!: number;

  @ApiProperty({ type: 'integer', description: 'messages that wait behind them' })
  parked!: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'when the oldest of them came' })
  since!: Date | null;
}

class RedriveOfCauseDto extends DecisionDto {
  /** As a letter or `causes` says it. */
  @Value(StoredText)
  cause!: string;
}

/** Messages that this service could not process, and those that wait behind them. */
@ApiTags('operations')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly desk: DeadLetterDesk,
    private readonly reads: PersonalReadRepository,
  ) {}

  @Allow('dead-letter.read')
  @Get()
  async list(@Query() { all, cursor, limit }: DeadLettersQuery) {
    const letters = await this.desk.list({ all, after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    return pageOf(letters.map(listed), limit, ({ id }) => id);
  }

  /** How much waits for a decision, and since when. */
  @Allow('dead-letter.read')
  @Get('summary')
  @ApiOkResponse({ type: DeadLetterSummaryView })
  summary(): Promise<DeadLetterSummaryView> {
    return this.desk.summary();
  }

  /** What unresolved poison fails for, and how much of it. */
  @Allow('dead-letter.read')
  @Get('causes')
  async causes() {
    return { items: await this.desk.causes() };
  }

  /** Redrives all that one cause has stopped, and what waits behind it. */
  @Allow('dead-letter.resolve')
  @Post('redrives')
  @HttpCode(200)
  redriveCause(@By() by: string, @Body() { cause, reason }: RedriveOfCauseDto) {
    return this.desk.redriveCause(cause, { by, reason });
  }

  /** With what it holds, whatever that is: that it was opened is written down before. */
  @Allow('dead-letter.open')
  @Get(':id')
  async find(@PathValue('id', Uuid) id: string, @ReadToRepair() reader: Reader) {
    const letter = await this.#letter(id);
    await this.reads.append({ ...reader, route: `GET /v1/dead-letters/${id}`, makerIds: [] });
    return shown(letter);
  }

  @Allow('dead-letter.resolve')
  @Post(':id/redrive')
  @HttpCode(200)
  async redrive(@PathValue('id', Uuid) id: string, @By() by: string, @Body() { reason }: DecisionDto) {
    const letter = await this.#unresolved(id);
    return this.desk.redrive(letter, { by, reason }).catch(conflict);
  }

  @Allow('dead-letter.resolve')
  @Post(':id/discard')
  @HttpCode(200)
  async discard(@PathValue('id', Uuid) id: string, @By() by: string, @Body() { reason }: DecisionDto) {
    const letter = await this.#unresolved(id);
    return this.desk.discard(letter, { by, reason }).catch(conflict);
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

function listed({ identity, message: { key, ...place }, ...letter }: ListedDeadLetter) {
  return { ...letter, ...identity, message: { ...place, key: legible(key) } };
}

function shown({ message, ...letter }: KeptDeadLetter) {
  const { headers, value, ...place } = message;
  const { message: listedMessage, ...rest } = listed({ ...letter, message: place });
  return {
    ...rest,
    message: {
      ...listedMessage,
      headers: headers.map(([name, bytes]) => ({ name, value: legible(bytes) })),
      value: legible(value),
    },
  };
}

/** Text where it is text. */
function legible(bytes: Buffer | null): string | { base64: string } | null {
  return bytes && (isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') });
}
