import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { list } from '#libs/access';
import { sendStream } from '#libs/http';
import { Allow } from '../../policy.ts';
import { asCsv } from '../reports/csv.ts';
import { asXlsx } from '../reports/xlsx.ts';
import { EntryListQuery, EntryListView } from './entry-list.dto.ts';
import { EntryListService } from './entry-list.service.ts';

const written = { csv: asCsv, xlsx: asXlsx };

@ApiTags('entries')
@Controller('v1/entries')
export class EntryListController {
  constructor(private readonly entries: EntryListService) {}

  /**
   * The ledger as a list: entries of one account or of many, with what they add up to. Pages go both ways. As CSV and XLSX
   * exactly what is asked for, streamed; an answer that breaks off is incomplete.
   */
  @Allow('account.list', list)
  @Get()
  @ApiProduces('application/json', 'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  @ApiOkResponse({ type: EntryListView })
  async list(@Query() query: EntryListQuery, @Res() response: Response): Promise<void> {
    const { format, language } = query;
    if (format === 'json') {
      response.json(await this.entries.page(query));
      return;
    }
    const file = { name: `entries.${format}`, type: format };
    await this.entries.inReport(query, (report) => sendStream(response, file, written[format](report, language)));
  }
}
