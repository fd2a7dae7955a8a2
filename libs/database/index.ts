export { DatabaseModule } from './database.module.ts';
export { Database, ONCE, REPEATED } from './database.ts';
export type { Migrations } from './migrate.ts';
export type { Transaction } from './transaction.ts';
export { isTransient } from './transient.ts';
