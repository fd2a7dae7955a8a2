import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { list, Open } from '#libs/access';
import { REQUIRED } from '#libs/contracts';
import { Database, elevated, isInScope } from '#libs/database';
import { notFound, Problem, sendStream } from '#libs/http';
import { lastDayOf } from '../../books/calendar/month.ts';
import { inSnapshot } from '../../books/snapshot.repository.ts';
import { Allow } from '../../policy.ts';
import { OnePaperAtATime } from '../../proof/documents/one-paper.decorator.ts';
import { ReconciliationService } from '../reconciliation/reconciliation.service.ts';
import { asCsv } from './csv.ts';
import { asJson } from './json.ts';
import { asPdf } from './pdf.ts';
import { ReportQuery } from './report.dto.ts';
import { ReportRepository, type ReportScope } from './report.repository.ts';
import type { FilledReport, Report } from './report.ts';
import { type ReportName, reports } from './reports.ts';
import { asXlsx } from './xlsx.ts';

const written = {
  json: asJson,
  csv: asCsv,
  xlsx: asXlsx,
  pdf: asPdf,
};

@ApiTags('reports')
@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly database: Database,
    private readonly repository: ReportRepository,
    private readonly reconciliation: ReconciliationService,
  ) {}

  /** Which reports there are, and what they cannot do without. */
  @Open()
  @Get()
  list() {
    return {
      items: Object.entries<Report>(reports).map(([name, { title, needs = [] }]) => ({ name, title, needs })),
    };
  }

  /** A report of the books at one moment; streamed. An answer that breaks off is incomplete. */
  @Allow('report.read', list)
  @OnePaperAtATime
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
      query[field] === undefined ? [{ field, ...REQUIRED }] : [],
    );
    if (errors.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors });

    if (report.isReconciliation) await this.reconciliation.compare();
    const { format, language, ...about } = query;
    const send = () =>
      inSnapshot(this.database, (snapshot) => {
        const rows = this.repository.rows(snapshot, name, scopeOf(query));
        const asked = Object.entries(about).filter(([, value]) => value !== undefined);
        const filled: FilledReport = { ...report, name, about: Object.fromEntries(asked), rows };
        const file = { name: [name, ...Object.values(filled.about)].join('-').concat('.', format), type: format };
        return sendStream(response, file, written[format](filled, language));
      });
    await (report.isAcrossFacilities && isInScope(query.facilityId ?? '') ? elevated(send) : send());
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
