import { startService } from '#libs/service';
import { CreatePayment1764000000000 } from './migrations/1764000000000-create-payment.ts';
import { PaymentsModule } from './payments.module.ts';

await startService({ name: 'payments', module: PaymentsModule, migrations: [CreatePayment1764000000000], port: 3003 });
