export { Correlation, correlate } from './correlation.ts';
export { HttpModule } from './http.module.ts';
export {
  httpMigrations,
  Idempotency,
  Idempotent,
  type IdempotentRequest,
} from './idempotency.ts';
export { decodeCursor, type Page, PageQuery, pageOf } from './page.ts';
export {
  type FieldError,
  notFound,
  Problem,
  ProblemFilter,
} from './problem.ts';
export { validation } from './validation.ts';
