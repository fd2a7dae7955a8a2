/** The routes of all services, read off their modules. */
import { Module } from '@nestjs/common';
import { accessDocument, routesOf } from '#libs/access';
import { operationsControllers } from '#libs/service';
import { CatalogueModule } from '../../services/catalogue/catalogue.module.ts';
import { LedgerModule } from '../../services/ledger/ledger.module.ts';
import { OrdersModule } from '../../services/orders/orders.module.ts';
import { PaymentsModule } from '../../services/payments/payments.module.ts';
import { PortalModule } from '../../services/portal/portal.module.ts';

@Module({ controllers: operationsControllers })
class Operations {}

export const routes = {
  'every service': routesOf(Operations),
  catalogue: routesOf(CatalogueModule),
  orders: routesOf(OrdersModule),
  payments: routesOf(PaymentsModule),
  ledger: routesOf(LedgerModule),
  portal: routesOf(PortalModule),
};

export const document = accessDocument(routes);
