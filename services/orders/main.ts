import { startService } from '#libs/service';
import { ordersMigrations } from './migrations/index.ts';
import { OrdersModule } from './orders.module.ts';

await startService({ name: 'orders', module: OrdersModule, migrations: ordersMigrations, port: 3002 });
