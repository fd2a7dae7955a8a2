export { correlation } from './correlation.ts';
export { toldMessage, withoutQuotes } from './errors.ts';
export { observe } from './gauges.ts';
export { log, NestLog } from './log.ts';
export { endSpans, spanOf, startTracing, traceparentOf } from './tracing.ts';
