import { Module } from '@nestjs/common';
import { FacilitiesListener } from '#libs/access';
import { BooksModule } from './books/books.module.ts';
import { ClosingModule } from './closing/closing.module.ts';
import { DecisionsModule } from './decisions/decisions.module.ts';
import { ExplanationsModule } from './explanations/explanations.module.ts';
import { ProofModule } from './proof/proof.module.ts';
import { ReportsModule } from './reports/reports.module.ts';
import { SalesModule } from './sales/sales.module.ts';
import { SharingModule } from './sharing/sharing.module.ts';

/** What every sale is shared into, who is owed what, and why. Each room stands only on those above it. */
@Module({
  controllers: [FacilitiesListener],
  imports: [
    BooksModule, //        double entry: accounts, journals, the chain of each facility, the calendar of months
    SharingModule, //      who gets how much: agreements, the waterfall, what is remembered, what comes back
    SalesModule, //        what orders and payments tell: credit, refund, settle, release
    DecisionsModule, //    what more than one person decides: payouts, deposits, adjustments, events of makers
    ExplanationsModule, // why an entry is what it is
    ProofModule, //        verification, seals, statements that prove themselves
    ClosingModule, //      months, floors, variances, the checklist
    ReportsModule, //      reading only: reports, exports, reconciliation, the feed
  ],
})
export class LedgerModule {}
