export { DatabaseModule } from './database.module.ts';
export { Database, type Migrations, SHORT_STATEMENT_DEADLINE_MS } from './database.ts';
export type { Transaction } from './transaction.ts';
export { isTransient } from './transient.ts';
