export { DatabaseModule } from './database.module.ts';
export { Database, type Migrations } from './database.ts';
export type { Transaction } from './transaction.ts';
export { isTransient } from './transient.ts';
