import { startService } from '#libs/service';
import { paymentsMigrations } from './migrations/index.ts';
import { PaymentsModule } from './payments.module.ts';

await startService({ name: 'payments', module: PaymentsModule, migrations: paymentsMigrations, port: 3003 });
