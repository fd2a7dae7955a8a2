import { startService } from '#libs/service';
import { LedgerModule } from './ledger.module.ts';
import { ledgerMigrations } from './migrations/index.ts';

await startService({ name: 'ledger', module: LedgerModule, migrations: ledgerMigrations, port: 3004 });
