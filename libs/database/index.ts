export { configuredUrl } from './configured-url.ts';
export { readInParts } from './cursor.ts';
export { DatabaseModule, openConfigured } from './database.module.ts';
export { Database, REPEATED, REPEATED_FOR_MANY } from './database.ts';
export type { Migrations } from './migrate.ts';
export { elevated, facilitiesInScope, isInScope, type RowScope, rowAccess } from './row-access.ts';
export type { Sending, Transaction } from './transaction.ts';
export { isTransient } from './transient.ts';
