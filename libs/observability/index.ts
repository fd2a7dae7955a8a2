export { correlation } from './correlation.ts';
export { log, NestLog } from './log.ts';
