import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Asking, type Principal } from '#libs/access';
import { Ordinal, Uuid } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, notFound, PageQuery, PathValue, pageOf, TakesUpTo } from '#libs/http';
import { Allow } from '../policy.ts';
import {
  fieldsOf,
  ImportProgressView,
  ImportRowsDto,
  ImportSummaryView,
  RejectedRowPage,
  RowsReceivedView,
} from './import.dto.ts';
import { ImportRepository, type Results } from './import.repository.ts';
import { ImportService } from './import.service.ts';

/** What `npm run import -- orders FILE` talks to. A run is named by its sender: a UUID, one per file and attempt. */
@ApiTags('import')
@Controller('v1/imports/:runId')
export class ImportController {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportService,
    private readonly runs: ImportRepository,
  ) {}

  @Allow('order.import')
  @TakesUpTo(4_194_304, 600)
  @Post('rows')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the next rows of a run; rows that came before are not taken again' })
  @ApiOkResponse({ type: RowsReceivedView })
  @ApiConflictResponse({ description: 'rows in between are missing' })
  async take(
    @PathValue('runId', Uuid) runId: string,
    @Body() body: ImportRowsDto,
    @Asking() { person }: Principal,
  ): Promise<RowsReceivedView> {
    return { rowsReceived: await this.imports.take(runId, body.firstRow, fieldsOf(body), person) };
  }

  @Allow('order.import')
  @Get()
  @ApiOperation({ summary: 'How far a run is' })
  @ApiOkResponse({ type: ImportProgressView })
  @ApiNotFoundResponse({ description: 'no row of this run has come' })
  async progress(@PathValue('runId', Uuid) runId: string): Promise<ImportProgressView> {
    const progress = await this.runs.progress(this.database, runId);
    if (!progress) throw notFound('Import', runId);
    return progress;
  }

  @Allow('order.import')
  @Get('rejections')
  @ApiOperation({ summary: 'The rows that were not accepted, in the order of the file' })
  @ApiOkResponse({ type: RejectedRowPage })
  async rejections(
    @PathValue('runId', Uuid) runId: string,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<RejectedRowPage> {
    const after = decodeCursor(cursor, Ordinal) ?? 0;
    const { items, ...next } = pageOf(
      await this.runs.rejections(this.database, runId, after, limit + 1),
      limit,
      ({ row }) => String(row),
    );
    return {
      items: items.flatMap(({ row, lineRefs, ...span }) =>
        lineRefs.map((lineRef, index) => ({ row: row + index, lineRef, ...span })),
      ),
      ...next,
    };
  }

  @Allow('order.import')
  @Get('summary')
  @ApiOperation({ summary: 'What came of a run' })
  @ApiOkResponse({ type: ImportSummaryView })
  async summary(@PathValue('runId', Uuid) runId: string): Promise<ImportSummaryView> {
    const { rowsReceived } = await this.progress(runId);
    return summaryOf(rowsReceived, await this.runs.results(this.database, runId));
  }
}

function summaryOf(read: number, { rows, orders, refunds, moved }: Results): ImportSummaryView {
  const { duplicate = 0, ...rejected } = rejectedOf(rows);
  return {
    rows: { read, accepted: acceptedOf(rows)?.count ?? 0, duplicate, rejected },
    orders: { credited: acceptedOf(orders)?.count ?? 0, rejected: rejectedOf(orders) },
    refunds: { posted: acceptedOf(refunds)?.count ?? 0, rejected: rejectedOf(refunds) },
    money: {
      currency: 'IDR',
      gross: acceptedOf(orders)?.amount ?? 0,
      refunded: acceptedOf(refunds)?.amount ?? 0,
      ...moved,
    },
  };
}

function acceptedOf<Line extends { reason: string | null }>(lines: readonly Line[]): Line | undefined {
  return lines.find(({ reason }) => reason === null);
}

function rejectedOf(lines: Results['rows']): Record<string, number> {
  return Object.fromEntries(lines.flatMap(({ reason, count }) => (reason === null ? [] : [[reason, count]])));
}
