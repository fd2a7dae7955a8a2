import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By, list, row } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, Idempotency, Idempotent, type IdempotentRequest, PathValue, pageOf } from '#libs/http';
import { Allow } from '../policy.ts';
import { ContributionsDto, LotDto, LotPage, LotQuery, LotView } from './lot.dto.ts';
import { LotRepository } from './lot.repository.ts';
import { LotsService } from './lots.service.ts';

@ApiTags('lots')
@Controller('v1/lots')
export class LotsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly lots: LotRepository,
    private readonly recording: LotsService,
  ) {}

  /** Production lots with who made them and what is left. */
  @Allow('lot.list', list)
  @Get()
  @ApiOkResponse({ type: LotPage })
  async list(@Query() { cursor, limit, ...filter }: LotQuery): Promise<LotPage> {
    const rows = await this.lots.list(filter, decodeCursor(cursor, StoredText), limit + 1);
    return pageOf(rows, limit, ({ lotId }) => lotId);
  }

  /** A lot that was made, by the rules of the import. It is not changed afterwards. */
  @Allow('lot.record', row)
  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: LotView })
  @ApiUnprocessableEntityResponse({ description: 'not of a product or maker of a facility of whoever asks, ...' })
  record(@Idempotent() request: IdempotentRequest, @By() by: string, @Body() lot: LotDto): Promise<LotView> {
    return this.idempotency.once(request, (transaction) => this.recording.record(transaction, lot, by));
  }

  /** Who made a lot of which nobody knew. It counts for what is sold from now on. The same again changes nothing. */
  @Allow('lot.record', row)
  @Put(':lotId/contributions')
  @ApiOkResponse({ type: LotView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'others are recorded already' })
  @ApiUnprocessableEntityResponse({ description: 'not a maker of the facility, ...' })
  recordContributions(
    @PathValue('lotId', StoredText) lotId: string,
    @By() by: string,
    @Body() contributions: ContributionsDto,
  ): Promise<LotView> {
    return this.database.transaction((transaction) =>
      this.recording.recordContributions(transaction, lotId, contributions, by),
    );
  }
}
