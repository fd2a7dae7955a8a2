import { type DynamicModule, Module } from '@nestjs/common';
import { observe } from '#libs/observability';
import { configuredUrl } from './configured-url.ts';
import { Database } from './database.ts';
import type { Migrations } from './migrate.ts';

/** The database of this process by `DATABASE_URL`, migrated as another user by `MIGRATION_DATABASE_URL`. */
export function openConfigured(migrations: Migrations): Promise<Database> {
  const url = configuredUrl('DATABASE_URL');
  if (!url)
    throw new Error('DATABASE_URL is not set, nor DATABASE_URL_FILE: postgres://user:password@host:port/database');
  return Database.open(url, migrations, configuredUrl('MIGRATION_DATABASE_URL'));
}

@Module({})
export class DatabaseModule {
  /** The database of this process: see `openConfigured`. */
  static forRoot({ migrations }: { migrations: Migrations }): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          // Its schema is as it should be before any other provider reads a table.
          useFactory: async () => {
            const database = await openConfigured(migrations);
            observe({
              name: 'database_up',
              help: '1: the database answers; while it does not, what is read from it is not told',
              read: async () => (await database.query('SELECT 1')).length,
              unread: 0,
            });
            return database;
          },
        },
      ],
      exports: [Database],
    };
  }
}
