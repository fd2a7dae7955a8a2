import { startService } from '#libs/service';
import { PaymentsModule } from './payments.module.ts';

await startService({ name: 'payments', module: PaymentsModule, port: 3003 });
