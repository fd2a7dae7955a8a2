import { Module } from '@nestjs/common';
import { BooksModule } from '../books/books.module.ts';
import { SalesModule } from '../sales/sales.module.ts';
import { SharingModule } from '../sharing/sharing.module.ts';
import { EntriesController } from './entries/entries.controller.ts';
import { EntryRepository } from './entries/entry.repository.ts';
import { FlowsController } from './flows/flows.controller.ts';
import { ExplanationsController } from './journals/explanations.controller.ts';
import { LintController } from './lint/lint.controller.ts';
import { LintService } from './lint/lint.service.ts';
import { ExplanationService } from './recompute/explanation.service.ts';

/** Why an entry is what it is. */
@Module({
  imports: [BooksModule, SalesModule, SharingModule],
  controllers: [
    ExplanationsController, // GET /v1/journals/ID/explanation: why a sale was shared as it was
    FlowsController, // GET /v1/flows: where the money of a sale or refund went, as a graph
    LintController, //    POST /v1/agreements/lint: what a draft would do
    EntriesController, // GET /v1/entries: why one line of a statement is there
  ],
  providers: [ExplanationService, EntryRepository, LintService],
})
export class ExplanationsModule {}
