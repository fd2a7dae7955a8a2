import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import { correlation } from './correlation.ts';

/** JSON lines on standard output; each carries the correlation id of the request or batch that it belongs to. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  base: { service: process.env.SERVICE_NAME },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  mixin: () => correlation.getStore() ?? {},
});

/** Nest's own messages in the same form. */
export class NestLog implements LoggerService {
  log(message: unknown, context?: string): void {
    log.debug({ context }, String(message));
  }
  warn(message: unknown, context?: string): void {
    log.warn({ context }, String(message));
  }
  error(message: unknown, ...details: unknown[]): void {
    if (message instanceof Error) log.error({ err: message, details }, message.message);
    else log.error({ details }, String(message));
  }
}
