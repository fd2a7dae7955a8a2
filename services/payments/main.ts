import { startService } from '#libs/service';
import { paymentsMigrations } from './migrations/index.ts';
import { PaymentsModule } from './payments.module.ts';
import { paymentsPolicy } from './policy.ts';

await startService({
  name: 'payments',
  module: PaymentsModule,
  migrations: paymentsMigrations,
  policy: paymentsPolicy,
  port: 3003,
});
