import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Database } from '#libs/database';
import { notFound, Problem } from '#libs/http';
import { lastDayOf } from '../periods/month.ts';
import { inSnapshot } from '../snapshot.ts';
import { asCsv } from './csv.ts';
import { asJson } from './json.ts';
import { asPdf } from './pdf.ts';
import { ReportQuery } from './report.dto.ts';
import { ReportRepository, type ReportScope } from './report.repository.ts';
import type { FilledReport, Language, Report } from './report.ts';
import { type ReportName, reports } from './reports.ts';
import { asXlsx } from './xlsx.ts';

const written = {
  json: (report: FilledReport, language: Language) => Readable.from(asJson(report, language)),
  csv: (report: FilledReport, language: Language) => Readable.from(asCsv(report, language)),
  xlsx: asXlsx,
  pdf: asPdf,
};

@ApiTags('reports')
@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly database: Database,
    private readonly repository: ReportRepository,
  ) {}

  /** Which reports there are, and what they cannot do without. */
  @Get()
  list() {
    return {
      items: Object.entries<Report>(reports).map(([name, { title, needs = [] }]) => ({ name, title, needs })),
    };
  }

  /** A report of the books at one moment; streamed. An answer that breaks off is incomplete. */
  @Get(':name')
  @ApiParam({ name: 'name', enum: Object.keys(reports) })
  @ApiProduces(
    'application/json',
    'text/csv',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/pdf',
  )
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  @ApiNotFoundResponse({ description: 'no such report' })
  async get(@Param('name') name: string, @Query() query: ReportQuery, @Res() response: Response): Promise<void> {
    if (!isReport(name)) throw notFound('Report', name);
    const report: Report = reports[name];
    const errors = (report.needs ?? []).flatMap((field) =>
      query[field] === undefined ? [{ field, message: 'is required for this report' }] : [],
    );
    if (errors.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors });

    const { format, language, ...about } = query;
    await inSnapshot(this.database, async (snapshot) => {
      const rows = this.repository.rows(snapshot, name, scopeOf(query));
      const asked = Object.entries(about).filter(([, value]) => value !== undefined);
      const filled: FilledReport = { ...report, name, about: Object.fromEntries(asked), rows };
      response.attachment([name, ...Object.values(filled.about)].join('-').concat('.', format)); // sets the type as well
      return pipeline(written[format](filled, language), response);
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // the reader went away
    });
  }
}

function isReport(name: string): name is ReportName {
  return Object.hasOwn(reports, name);
}

function scopeOf({ facilityId, from, to, month, year }: ReportQuery): ReportScope {
  if (month !== undefined) return { facilityId, from: `${month}-01`, to: lastDayOf(month) };
  if (year !== undefined) return { facilityId, from: `${year}-01-01`, to: `${year}-12-31` };
  return { facilityId, from, to };
}
