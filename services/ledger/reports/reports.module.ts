import { Module } from '@nestjs/common';
import { BooksModule } from '../books/books.module.ts';
import { SharingModule } from '../sharing/sharing.module.ts';
import { AskedFacilitiesRepository } from './asked-facilities.repository.ts';
import { EntryListController } from './entries/entry-list.controller.ts';
import { EntryListRepository } from './entries/entry-list.repository.ts';
import { EntryListService } from './entries/entry-list.service.ts';
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
import { PositionRepository } from './positions/position.repository.ts';
import { PositionsController } from './positions/positions.controller.ts';
import { PositionsService } from './positions/positions.service.ts';
import { BreakRepository } from './reconciliation/break.repository.ts';
import { ReconciliationController } from './reconciliation/reconciliation.controller.ts';
import { ReconciliationRepository } from './reconciliation/reconciliation.repository.ts';
import { ReconciliationService } from './reconciliation/reconciliation.service.ts';
import { ReportRepository } from './reports/report.repository.ts';
import { ReportsController } from './reports/reports.controller.ts';
import { StoryController } from './story/story.controller.ts';
import { StoryService } from './story/story.service.ts';
import { TotalRepository } from './totals/total.repository.ts';
import { TotalsController } from './totals/totals.controller.ts';
import { TotalsService } from './totals/totals.service.ts';

/** The books, read, compared and told. */
@Module({
  imports: [BooksModule, SharingModule],
  controllers: [
    ReportsController, //        GET /v1/reports: trial balance, premi list, PNBP, ... as JSON, CSV, XLSX, PDF
    EntryListController, //      GET /v1/entries: the ledger as a list, as JSON, CSV, XLSX
    TotalsController, //         GET /v1/totals: what was sold and who got it, by day, facility, goods, ...
    PositionsController, //      GET /v1/positions: what is where now, by facility, region, maker
    StoryController, //          GET /v1/makers/ID/story: a maker's lines in plain words
    ReconciliationController, // GET /v1/reconciliation: one subject of the three-way report, opened
    InboxController, //          GET /v1/decisions: of all kinds, with what whoever asks may do
    ExceptionsController, //     GET /v1/exceptions: what does not come right by itself, and who looks after it
    ExportsController, //        GET /v1/exports/hledger, /v1/exports/beancount
  ],
  providers: [
    AskedFacilitiesRepository,
    EntryListService,
    StoryService,
    TotalsService,
    TotalRepository,
    PositionsService,
    PositionRepository,
    EntryListRepository,
    ReportRepository,
    ExceptionsService,
    ExceptionRepository,
    InboxService,
    InboxRepository,
    ReconciliationRepository,
    ReconciliationService, // compares what orders, payments and the books say of the same
    BreakRepository,
    ExportRepository,
    FeedService, // tells of everything that is posted and decided (ledger.books.v1), and adds up what is sold
    JournalFeedRepository,
    DecisionFeedRepository,
  ],
})
export class ReportsModule {}
