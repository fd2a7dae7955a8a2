import { Module } from '@nestjs/common';
import { BooksModule } from '../books/books.module.ts';
import { DecisionsModule } from '../decisions/decisions.module.ts';
import { SharingModule } from '../sharing/sharing.module.ts';
import { ContributionsListener } from './floors/contributions.listener.ts';
import { FloorRepository } from './floors/floor.repository.ts';
import { FloorsService } from './floors/floors.service.ts';
import { CloseCheckService } from './periods/close-check.service.ts';
import { ClosingService } from './periods/closing.service.ts';
import { ClosingBalanceRepository } from './periods/closing-balance.repository.ts';
import { PeriodRepository } from './periods/period.repository.ts';
import { PeriodsController } from './periods/periods.controller.ts';
import { PeriodsService } from './periods/periods.service.ts';
import { VarianceRepository } from './periods/variance.repository.ts';

/** Months closed and reopened, and what a close posts: floors, variances. */
@Module({
  imports: [BooksModule, SharingModule, DecisionsModule],
  controllers: [
    PeriodsController, //     /v1/periods: months closed and reopened by two persons
    ContributionsListener, // contributions-recorded: to whom a month's floor is guaranteed; drafts what was sold before
  ],
  providers: [
    PeriodsService,
    CloseCheckService,
    ClosingService,
    PeriodRepository,
    VarianceRepository,
    ClosingBalanceRepository,
    FloorsService,
    FloorRepository,
  ],
})
export class ClosingModule {}
