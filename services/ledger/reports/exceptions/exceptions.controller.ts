import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { By, list, row } from '#libs/access';
import { fault, patterned } from '#libs/contracts';
import { NoteDto } from '#libs/decisions';
import { decodeCursor, Idempotency, Idempotent, type IdempotentRequest, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import { ExceptionPage, ExceptionParameters, ExceptionQuery, ExceptionView } from './exception.dto.ts';
import { ExceptionsService } from './exceptions.service.ts';

const PositionText = patterned(
  { pattern: '^\\d{4}-\\d{2}-\\d{2} [a-z-]+ .+$', lengthMax: 4_000, description: 'day, kind and reference' },
  fault('not-a-position', 'is no position', 'bukan posisi'),
);

@ApiTags('exceptions')
@Controller('v1/exceptions')
export class ExceptionsController {
  constructor(
    private readonly exceptions: ExceptionsService,
    private readonly idempotency: Idempotency,
  ) {}

  /** What does not come right by itself, the oldest first. Each goes when its cause is gone. */
  @Allow('exception.list', list)
  @Get()
  @ApiOkResponse({ type: ExceptionPage })
  async list(@Query() query: ExceptionQuery): Promise<ExceptionPage> {
    const [, since = '', kind = '', reference = ''] =
      /^(\S+) (\S+) (.+)$/s.exec(decodeCursor(query.cursor, PositionText) ?? '') ?? [];
    const { kinds, items } = await this.exceptions.page(query, since ? { since, kind, reference } : undefined);
    return { kinds, ...pageOf(items, query.limit, (last) => `${last.since} ${last.kind} ${last.reference}`) };
  }

  /** Says who looks after it, and what is known. The last note counts; those before are kept. */
  @Allow('exception.note', row)
  @Post(':kind/:reference/notes')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: ExceptionView })
  @ApiNotFoundResponse({ description: 'there is none, or no more' })
  note(
    @Param() exception: ExceptionParameters,
    @Idempotent() request: IdempotentRequest,
    @By() by: string,
    @Body() note: NoteDto,
  ): Promise<ExceptionView> {
    return this.idempotency.once(request, (transaction) => this.exceptions.note(transaction, exception, note, by));
  }
}
