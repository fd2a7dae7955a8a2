import { CreateSession1764000002850 } from './1764000002850-create-session.ts';

/** In the order in which they are applied. */
export const portalMigrations = [CreateSession1764000002850];
