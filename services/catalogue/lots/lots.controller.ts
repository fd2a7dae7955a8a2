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
import { decodeCursor, Idempotency, Idempotent, type IdempotentRequest, notFound, PathValue, pageOf } from '#libs/http';
import { ContributionsDto } from '../contributions/contribution.dto.ts';
import { Allow } from '../policy.ts';
import { VersionList } from '../versions/version.dto.ts';
import { VersionRepository } from '../versions/version.repository.ts';
import { CorrectionDto, LotDto, LotPage, LotQuery, LotView } from './lot.dto.ts';
import { LotRepository } from './lot.repository.ts';
import { LotsService } from './lots.service.ts';

@ApiTags('lots')
@Controller('v1/lots')
export class LotsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly lots: LotRepository,
    private readonly versions: VersionRepository,
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

  @Allow('lot.list', row)
  @Get(':lotId')
  @ApiOkResponse({ type: LotView })
  @ApiNotFoundResponse()
  async find(@PathValue('lotId', StoredText) lotId: string): Promise<LotView> {
    const lot = await this.lots.find(this.database, lotId);
    if (!lot) throw notFound('Lot', lotId);
    return lot;
  }

  /** A lot that was made, by the rules of the import. It is changed by a new version of it only. */
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

  /** What a lot has been, version by version. */
  @Allow('lot.list', row)
  @Get(':lotId/versions')
  @ApiOkResponse({ type: VersionList })
  @ApiNotFoundResponse()
  async listVersions(@PathValue('lotId', StoredText) lotId: string): Promise<VersionList> {
    const items = await this.versions.list(lotId);
    if (items.length === 0) throw notFound('Lot', lotId);
    return { items };
  }

  /**
   * A lot was written down wrongly: what it should have been is its next version. It counts for what no order has taken
   * yet; what is sold stays as it was. The same as before changes nothing.
   */
  @Allow('lot.record', row)
  @Post(':lotId/versions')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: LotView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'it has been corrected since' })
  @ApiUnprocessableEntityResponse({
    description: 'fewer pieces than orders have taken, not a maker of the facility, ...',
  })
  correct(
    @PathValue('lotId', StoredText) lotId: string,
    @Idempotent() request: IdempotentRequest,
    @By() by: string,
    @Body() correction: CorrectionDto,
  ): Promise<LotView> {
    return this.idempotency.once(request, (transaction) =>
      this.recording.correct(transaction, lotId, { ...correction, by }),
    );
  }
}
