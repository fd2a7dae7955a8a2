import { startService } from '#libs/service';
import { CreateOrders1764000000200 } from './migrations/1764000000200-create-orders.ts';
import { OrdersModule } from './orders.module.ts';

await startService({ name: 'orders', module: OrdersModule, migrations: [CreateOrders1764000000200], port: 3002 });
