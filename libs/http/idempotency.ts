import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Database, type Transaction } from '#libs/database';
import { Problem } from './problem.ts';

const KEY_LENGTH_MAX = 200;

/** A request that its sender may repeat: what it asks for, and the key that says it is the same request. */
export interface IdempotentRequest {
  readonly key: string;
  readonly operation: string;
  readonly bodyHash: string;
}

/** The Idempotency-Key of a request, with what it was sent for; a problem if there is none. */
export const Idempotent = createParamDecorator((_: unknown, context: ExecutionContext): IdempotentRequest => {
  const request = context.switchToHttp().getRequest<Request>();
  const key = request.header('idempotency-key');
  if (!key || key.length > KEY_LENGTH_MAX) {
    throw new Problem({
      status: 400,
      title: 'Invalid request',
      errors: [
        {
          field: 'Idempotency-Key',
          message: `is a required header of 1 to ${KEY_LENGTH_MAX} characters`,
        },
      ],
    });
  }
  return {
    key,
    operation: `${request.method} ${request.path}`,
    bodyHash: createHash('sha256').update(JSON.stringify(request.body)).digest('hex'),
  };
});

/** Does what a request asks once per key, in one transaction with the memory of its answer. */
@Injectable()
export class Idempotency {
  constructor(private readonly database: Database) {}

  /**
   * The answer of `work`, or of its first run. A second request at the same time waits for the first. The same key
   * with another body is a problem (422), and nothing is done; a problem thrown by `work` is not remembered.
   */
  once<Answer>(request: IdempotentRequest, work: (transaction: Transaction) => Promise<Answer>): Promise<Answer> {
    return this.database.transaction(async (transaction) => {
      const inserted = await transaction.query(
        `INSERT INTO idempotency_key (operation, key, body_hash) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING RETURNING key`,
        [request.operation, request.key, request.bodyHash],
      );
      if (inserted.length === 0) return storedAnswer<Answer>(transaction, request);
      const answer = await work(transaction);
      await transaction.query('UPDATE idempotency_key SET answer = $3 WHERE operation = $1 AND key = $2', [
        request.operation,
        request.key,
        JSON.stringify(answer),
      ]);
      return answer;
    });
  }
}

async function storedAnswer<Answer>(transaction: Transaction, request: IdempotentRequest): Promise<Answer> {
  const [stored] = await transaction.query<{
    body_hash: string;
    answer: Answer;
  }>('SELECT body_hash, answer FROM idempotency_key WHERE operation = $1 AND key = $2', [
    request.operation,
    request.key,
  ]);
  if (stored?.body_hash !== request.bodyHash) {
    throw new Problem({
      status: 422,
      title: 'Idempotency-Key used for another request',
      detail: 'This Idempotency-Key came before with another body. Nothing was done.',
      errors: [{ field: 'Idempotency-Key', message: 'was used with another body' }],
    });
  }
  return stored.answer;
}
