import { Module } from '@nestjs/common';
import { ExportRepository } from './exports/export.repository.ts';
import { ExportsController } from './exports/exports.controller.ts';
import { DecisionFeedRepository } from './feed/decision-feed.repository.ts';
import { FeedService } from './feed/feed.service.ts';
import { JournalFeedRepository } from './feed/journal-feed.repository.ts';
import { ReconciliationController } from './reconciliation/reconciliation.controller.ts';
import { ReconciliationRepository } from './reconciliation/reconciliation.repository.ts';
import { ReportRepository } from './reports/report.repository.ts';
import { ReportsController } from './reports/reports.controller.ts';

/** The books, read, compared and told. */
@Module({
  controllers: [
    ReportsController, //        GET /v1/reports: trial balance, premi list, PNBP, ... as JSON, CSV, XLSX, PDF
    ReconciliationController, // GET /v1/reconciliation: one subject of the three-way report, opened
    ExportsController, //        GET /v1/exports/hledger, /v1/exports/beancount
  ],
  providers: [
    ReportRepository,
    ReconciliationRepository,
    ExportRepository,
    FeedService, // tells of everything that is posted and decided: ledger.books.v1
    JournalFeedRepository,
    DecisionFeedRepository,
  ],
})
export class ReportsModule {}
