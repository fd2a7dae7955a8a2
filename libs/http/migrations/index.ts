import { CreateIdempotencyKey1764000000001 } from './1764000000001-create-idempotency-key.ts';
import { IndexIdempotencyKey1764000001201 } from './1764000001201-index-idempotency-key.ts';
import { CallerOfIdempotencyKey1764000001400 } from './1764000001400-caller-of-idempotency-key.ts';

/** In the order in which they are applied. */
export const httpMigrations = [
  CreateIdempotencyKey1764000000001,
  IndexIdempotencyKey1764000001201,
  CallerOfIdempotencyKey1764000001400,
];
