import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { By } from '#libs/access';
import { fault, patterned } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { isToDo, NoteDto } from '#libs/decisions';
import { decodeCursor, Idempotency, Idempotent, type IdempotentRequest, notFound, Problem, pageOf } from '#libs/http';
import { Allow } from '../policy.ts';
import { ExceptionPage, ExceptionParameters, ExceptionQuery, ExceptionView } from './exception.dto.ts';
import { ExceptionRepository, type ListedException } from './exception.repository.ts';

const PositionText = patterned(
  { pattern: '^[a-z-]+ .+$', lengthMax: 1_000, description: 'kind and reference' },
  fault('not-a-position', 'is no position', 'bukan posisi'),
);

/** What channels have reported and is not in the books. */
@ApiTags('exceptions')
@Controller('v1/exceptions')
export class ExceptionsController {
  constructor(
    private readonly database: Database,
    private readonly exceptions: ExceptionRepository,
    private readonly idempotency: Idempotency,
  ) {}

  /** The oldest first. Each goes when what was missing has come. */
  @Allow('exception.list')
  @Get()
  @ApiOkResponse({ type: ExceptionPage })
  async list(@Query() { channel, kind, cursor, limit }: ExceptionQuery): Promise<ExceptionPage> {
    const [, afterKind = '', afterReference = ''] =
      /^(\S+) (.+)$/s.exec(decodeCursor(cursor, PositionText) ?? '') ?? [];
    const after = afterKind === '' ? undefined : { kind: afterKind, reference: afterReference };
    const filter = { channels: channel === undefined ? null : [channel], kind };
    const found = await this.exceptions.list(this.database, filter, after, limit + 1);
    return pageOf(found.map(viewOf), limit, (last) => `${last.kind} ${last.reference}`);
  }

  /** Says who looks after it, and what is known. The last note counts. */
  @Allow('exception.note')
  @Post(':kind/:reference/notes')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: ExceptionView })
  @ApiNotFoundResponse({ description: 'there is none, or no more' })
  note(
    @Param() { kind, reference }: ExceptionParameters,
    @By() by: string,
    @Body() { owner, note }: NoteDto,
    @Idempotent() request: IdempotentRequest,
  ): Promise<ExceptionView> {
    return this.idempotency.once(request, async (transaction) => {
      await this.exceptions.note(transaction, { kind, reference, owner, note, by });
      return viewOf(await this.#locked(transaction, { kind, reference }));
    });
  }

  /** What was noted to be done about it is accepted by another person: it is listed no more. */
  @Allow('exception.accept')
  @Post(':kind/:reference/approval')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOkResponse({ type: ExceptionView })
  @ApiNotFoundResponse({ description: 'there is none, or no more' })
  @ApiForbiddenResponse({ description: 'by the person who noted it' })
  @ApiConflictResponse({ description: 'nobody has noted what was done' })
  accept(
    @Param() exception: ExceptionParameters,
    @By() by: string,
    @Idempotent() request: IdempotentRequest,
  ): Promise<ExceptionView> {
    return this.idempotency.once(request, async (transaction) => {
      const found = await this.#locked(transaction, exception);
      if (found.notedBy === null) {
        throw new Problem({ status: 409, title: 'Not noted', detail: 'Nobody has noted what was done about it.' });
      }
      isToDo({ status: 'draft', draftedBy: found.notedBy, decidedBy: null }, 'approval', by);
      await this.exceptions.accept(transaction, exception, by);
      return viewOf(found);
    });
  }

  async #locked(transaction: Transaction, exception: ExceptionParameters): Promise<ListedException> {
    const found = await this.exceptions.lock(transaction, exception);
    if (!found) throw notFound('Exception', `${exception.kind} ${exception.reference}`);
    return found;
  }
}

function viewOf(exception: ListedException): ExceptionView {
  return { ...exception, actions: exception.notedBy === null ? ['assign'] : ['assign', 'accept'] };
}
