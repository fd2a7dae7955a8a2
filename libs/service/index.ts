export { type Edges, edgesOf } from './edges.ts';
export { commonMigrations } from './migrations.ts';
export { RepeatedWork } from './repeated-work.ts';
export { Retention, retention } from './retention.ts';
export { createApplication, createService, operationsControllers, runProgram, startService } from './start-service.ts';
