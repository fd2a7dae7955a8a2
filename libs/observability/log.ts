import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import { correlation } from './correlation.ts';
import { toldError, withoutQuotes } from './errors.ts';

/**
 * JSON lines on standard output; each carries the correlation id of the request or batch that it belongs to, and who asked.
 * What an error carries besides its kind and place is not written (errors.ts).
 */
export const log = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  base: { service: process.env.SERVICE_NAME },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  mixin: () => ({ ...correlation.getStore() }), // pino writes into what it is given
  serializers: { err: toldError },
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
    const context = details.at(-1);
    if (message instanceof Error) log.error({ err: message, context }, 'failed');
    else log.error({ context }, withoutQuotes(String(message)));
  }
}
