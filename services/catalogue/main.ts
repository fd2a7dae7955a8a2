import { startService } from '#libs/service';
import { CatalogueModule } from './catalogue.module.ts';
import { catalogueMigrations } from './migrations/index.ts';

await startService({
  name: 'catalogue',
  module: CatalogueModule,
  migrations: catalogueMigrations,
  port: 3001,
});
