export { Bytes, LeavesBody, TakesBytes, TakesUpTo } from './body.guard.ts';
export { Correlation } from './correlation.ts';
export { HttpModule } from './http.module.ts';
export { Idempotency, Idempotent, type IdempotentRequest } from './idempotency.ts';
export { httpMigrations } from './migrations/index.ts';
export { OneAtATime } from './one-at-a-time.ts';
export { type Access, overHttp } from './over-http.ts';
export { decodeCursor, encodeCursor, jsonPosition, PageQuery, pageOf } from './page.ts';
export {
  type FieldError,
  notFound,
  Problem,
} from './problem.ts';
export { sendStream } from './send-stream.ts';
export { JsonList, JsonObject, Nested, NestedList, Parameter, PathValue, Value, ValueByName, Values } from './value.ts';
