export { commonMigrations } from './migrations.ts';
export { RepeatedWork } from './repeated-work.ts';
export { Retention, retention } from './retention.ts';
export { createService, operationsControllers, startService } from './start-service.ts';
