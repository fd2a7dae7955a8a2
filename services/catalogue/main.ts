import { startService } from '#libs/service';
import { CatalogueModule } from './catalogue.module.ts';
import { catalogueMigrations } from './migrations/index.ts';
import { openKeyDatabase } from './person-keys/person-key.repository.ts';
import { cataloguePolicy } from './policy.ts';

await startService({
  name: 'catalogue',
  module: CatalogueModule,
  migrations: catalogueMigrations,
  policy: cataloguePolicy,
  port: 3001,
  others: [openKeyDatabase],
});
