export { RepeatedWork } from './repeated-work.ts';
export { Retention, retention } from './retention.ts';
export { createService, startService } from './start-service.ts';
