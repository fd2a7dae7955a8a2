export { Correlation, correlate } from './correlation.ts';
export { HttpModule } from './http.module.ts';
export { Idempotency, Idempotent, type IdempotentRequest } from './idempotency.ts';
export { httpMigrations } from './migrations/index.ts';
export { decodeCursor, PageQuery, pageOf } from './page.ts';
export {
  type FieldError,
  notFound,
  Problem,
  ProblemFilter,
} from './problem.ts';
export { validation } from './validation.ts';
