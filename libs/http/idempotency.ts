import { hash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { validate } from 'uuid';
import { canonical, fault } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { Problem } from './problem.ts';

const KEY_LENGTH_MAX = 200;
const STRING = /^"(?:[^"\\]|\\["\\])*"$/;

declare global {
  namespace Express {
    interface Request {
      /** Who asks, of all who can: `person:ID` or `client:ID`. */
      caller?: string;
    }
  }
}

/** A request that its sender may repeat: what it asks for, and the key that says it is the same request. */
export interface IdempotentRequest {
  /** Another's key is another key. */
  readonly caller: string;
  readonly key: string;
  /** Method and path, the same however the path is spelled. */
  readonly operation: string;
  /** One of the body, whatever the order of its members; then one of the body as it came, which older rows have. */
  readonly bodyHashes: readonly [string, string];
}

/** The Idempotency-Key of a request, with what it was sent for; a problem if there is none. */
export const Idempotent = createParamDecorator((_: unknown, context: ExecutionContext): IdempotentRequest => {
  const request = context.switchToHttp().getRequest<Request>();
  const body: unknown = request.body ?? null;
  return {
    caller: request.caller ?? '',
    key: keyOf(request.header('idempotency-key') ?? ''),
    operation: `${request.method} ${pathOf(request)}`,
    bodyHashes: [hash('sha256', canonical(body)), hash('sha256', JSON.stringify(body))],
  };
});

/**
 * A key may stand in quotation marks (a string of RFC 9651, as the draft on this header wants it), and several times if
 * it is the same: what lies between us and the sender may have joined its lines by a comma.
 */
function keyOf(header: string): string {
  const keys = new Set((STRING.test(header) ? [header] : header.split(/, +/)).map((item) => unquoted(item.trim())));
  const [key = ''] = keys;
  if (key === '' || key.length > KEY_LENGTH_MAX) {
    throw wrongKey(
      'required',
      `is a required header of 1 to ${KEY_LENGTH_MAX} characters`,
      `adalah header wajib, 1 sampai ${KEY_LENGTH_MAX} karakter`,
    );
  }
  if (keys.size > 1)
    throw wrongKey(
      'ambiguous',
      'was given more than once, with different keys',
      'diberikan lebih dari sekali dengan kunci yang berbeda',
    );
  return key;
}

function unquoted(item: string): string {
  if (!item.startsWith('"')) return item;
  if (!STRING.test(item))
    throw wrongKey(
      'unclosed',
      'begins with a quotation mark that is not closed at its end',
      'diawali tanda kutip yang tidak ditutup di akhirnya',
    );
  return item.slice(1, -1).replace(/\\(["\\])/g, '$1');
}

/** The path as its route has it, with its parameters. The letters of ids of ours (UUIDs) have no case. */
function pathOf({ route, params }: Request): string {
  return (route.path as string).replace(/:(\w+)/g, (_, name: string) => {
    const value = String(params[name]);
    return encodeURIComponent(/id$/i.test(name) && validate(value) ? value.toLowerCase() : value);
  });
}

function wrongKey(code: string, en: string, id: string): Problem {
  const errors = [{ field: 'Idempotency-Key', ...fault(code, en, id) }];
  return new Problem({ status: 400, title: 'Invalid request', errors });
}

const SAME = 'caller = $1 AND operation = $2 AND key = $3';
const sameAs = ({ caller, operation, key }: IdempotentRequest): string[] => [caller, operation, key];

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
      const inserted = await transaction.elevated(() =>
        transaction.query(
          `INSERT INTO idempotency_key (caller, operation, key, body_hash) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING RETURNING key`,
          [...sameAs(request), request.bodyHashes[0]],
        ),
      );
      if (inserted.length === 0) return transaction.elevated(() => storedAnswer<Answer>(transaction, request));
      const answer = await work(transaction);
      await transaction.elevated(() =>
        transaction.query(`UPDATE idempotency_key SET answer = $4 WHERE ${SAME}`, [
          ...sameAs(request),
          JSON.stringify(answer),
        ]),
      );
      return answer;
    });
  }
}

async function storedAnswer<Answer>(transaction: Transaction, request: IdempotentRequest): Promise<Answer> {
  const [stored] = await transaction.query<{
    body_hash: string;
    answer: Answer;
  }>(`SELECT body_hash, answer FROM idempotency_key WHERE ${SAME}`, sameAs(request));
  if (!stored || !request.bodyHashes.includes(stored.body_hash)) {
    throw new Problem({
      status: 422,
      title: 'Idempotency-Key used for another request',
      detail: 'This Idempotency-Key came before with another body. Nothing was done.',
      errors: [
        {
          field: 'Idempotency-Key',
          ...fault('key-reused', 'was used with another body', 'sudah dipakai dengan isi lain'),
        },
      ],
    });
  }
  return stored.answer;
}
