import { Module } from '@nestjs/common';
import { AccountRepository } from './accounts/account.repository.ts';
import { AccountsController } from './accounts/accounts.controller.ts';
import { BalanceRepository } from './accounts/balance.repository.ts';
import { KnownOwners } from './accounts/known-owners.service.ts';
import { OwnerRepository } from './accounts/owner.repository.ts';
import { StatementService } from './accounts/statement.service.ts';
import { JournalRepository } from './journals/journal.repository.ts';
import { JournalsController } from './journals/journals.controller.ts';

/** Double entry: accounts, journals, their chain, the calendar of months. */
@Module({
  controllers: [
    AccountsController, // GET /v1/accounts, their balances and statements, /v1/trial-balance
    JournalsController, // GET /v1/journals and their entries
  ],
  providers: [AccountRepository, BalanceRepository, KnownOwners, OwnerRepository, StatementService, JournalRepository],
  exports: [AccountRepository, BalanceRepository, KnownOwners, JournalRepository],
})
export class BooksModule {}
