import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { CatalogueModule } from '../../services/catalogue/catalogue.module.ts';
import { catalogueMigrations } from '../../services/catalogue/migrations/index.ts';
import { cataloguePolicy } from '../../services/catalogue/policy.ts';
import { createDatabase, createKeys } from './database.ts';
import { startTested } from './service.ts';

/** The catalogue as a process runs it, over fresh databases. */
export async function startCatalogue(): Promise<{ readonly app: INestApplication; close(): Promise<void> }> {
  const databases = [await createDatabase(), await createKeys()] as const;
  const service = { module: CatalogueModule, policy: cataloguePolicy, migrations: catalogueMigrations, neighbours: [] };
  const app = await startTested({ ...service, name: `catalogue-${randomUUID()}` }, databases[0]);
  return {
    app,
    close: async () => {
      await app.close();
      for (const database of databases) await database.drop();
    },
  };
}
