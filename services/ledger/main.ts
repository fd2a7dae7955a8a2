import { startService } from '#libs/service';
import { LedgerModule } from './ledger.module.ts';
import { CreateLedger1764000000300 } from './migrations/1764000000300-create-ledger.ts';

await startService({ name: 'ledger', module: LedgerModule, migrations: [CreateLedger1764000000300], port: 3004 });
