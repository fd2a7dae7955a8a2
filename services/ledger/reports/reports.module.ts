import { Module } from '@nestjs/common';
import { SharingModule } from '../sharing/sharing.module.ts';
import { ExceptionRepository } from './exceptions/exception.repository.ts';
import { ExceptionsController } from './exceptions/exceptions.controller.ts';
import { ExceptionsService } from './exceptions/exceptions.service.ts';
import { ExportRepository } from './exports/export.repository.ts';
import { ExportsController } from './exports/exports.controller.ts';
import { DecisionFeedRepository } from './feed/decision-feed.repository.ts';
import { FeedService } from './feed/feed.service.ts';
import { JournalFeedRepository } from './feed/journal-feed.repository.ts';
import { InboxController } from './inbox/inbox.controller.ts';
import { InboxRepository } from './inbox/inbox.repository.ts';
import { InboxService } from './inbox/inbox.service.ts';
import { ReconciliationController } from './reconciliation/reconciliation.controller.ts';
import { ReconciliationRepository } from './reconciliation/reconciliation.repository.ts';
import { ReportRepository } from './reports/report.repository.ts';
import { ReportsController } from './reports/reports.controller.ts';

/** The books, read, compared and told. */
@Module({
  imports: [SharingModule],
  controllers: [
    ReportsController, //        GET /v1/reports: trial balance, premi list, PNBP, ... as JSON, CSV, XLSX, PDF
    ReconciliationController, // GET /v1/reconciliation: one subject of the three-way report, opened
    InboxController, //          GET /v1/decisions: of all kinds, with what whoever asks may do
    ExceptionsController, //     GET /v1/exceptions: what does not come right by itself, and who looks after it
    ExportsController, //        GET /v1/exports/hledger, /v1/exports/beancount
  ],
  providers: [
    ReportRepository,
    ExceptionsService,
    ExceptionRepository,
    InboxService,
    InboxRepository,
    ReconciliationRepository,
    ExportRepository,
    FeedService, // tells of everything that is posted and decided: ledger.books.v1
    JournalFeedRepository,
    DecisionFeedRepository,
  ],
})
export class ReportsModule {}
