import { startService } from '#libs/service';
import { LedgerModule } from './ledger.module.ts';
import { ledgerMigrations } from './migrations/index.ts';
import { ledgerPolicy } from './policy.ts';

await startService({
  name: 'ledger',
  module: LedgerModule,
  migrations: ledgerMigrations,
  policy: ledgerPolicy,
  port: 3004,
});
