import { startService } from '#libs/service';
import { ordersMigrations } from './migrations/index.ts';
import { OrdersModule } from './orders.module.ts';
import { ordersPolicy } from './policy.ts';

await startService({
  name: 'orders',
  module: OrdersModule,
  migrations: ordersMigrations,
  policy: ordersPolicy,
  port: 3002,
});
