import { startService } from '#libs/service';
import { CatalogueModule } from './catalogue.module.ts';
import { CreateCatalogue1764000000100 } from './migrations/1764000000100-create-catalogue.ts';

await startService({
  name: 'catalogue',
  module: CatalogueModule,
  migrations: [CreateCatalogue1764000000100],
  port: 3001,
});
