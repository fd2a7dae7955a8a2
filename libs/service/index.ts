export { createService, startService } from './start-service.ts';
