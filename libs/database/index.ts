export { DatabaseModule } from './database.module.ts';
export { Database, SHORT_STATEMENT_DEADLINE_MS } from './database.ts';
export type { Migrations } from './migrate.ts';
export type { Transaction } from './transaction.ts';
export { isTransient } from './transient.ts';
