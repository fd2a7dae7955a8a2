import { accessMigrations } from '#libs/access';
import { httpMigrations } from '#libs/http';
import { messagingMigrations } from '#libs/messaging';

/** What every service's database has besides its own tables, in the order in which it is applied. */
export const commonMigrations = [...messagingMigrations, ...httpMigrations, ...accessMigrations];
