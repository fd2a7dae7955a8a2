import express, {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { parseJson } from './json.ts';
import { Problem } from './problem.ts';

/** Of a body, however it was compressed. */
const BODY_BYTES_MAX = 1_048_576;
/** A catalogue of a whole programme is imported in one request. */
const IMPORT_BYTES_MAX = 268_435_456;

const bytes = (limit: number) => express.raw({ type: ['application/json', 'application/*+json'], limit });

/** JSON bodies; what is no JSON is left to routes that read it. */
export const readBody: readonly (readonly [path: string, handler: RequestHandler | ErrorRequestHandler])[] = [
  ['/v1/imports', bytes(IMPORT_BYTES_MAX)],
  ['/', bytes(BODY_BYTES_MAX)],
  ['/', readJson],
  ['/', tellLimit],
];

function readJson(request: Request, _: Response, next: NextFunction): void {
  if (Buffer.isBuffer(request.body)) {
    const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.header('content-type') ?? '')?.[1] ?? 'utf-8';
    if (charset.toLowerCase() !== 'utf-8') {
      throw new Problem({
        status: 415,
        title: 'Unsupported media type',
        detail: 'JSON is written in UTF-8 (RFC 8259).',
      });
    }
    request.body = request.body.length === 0 ? undefined : parseJson(request.body);
  }
  next();
}

function tellLimit(error: { limit?: number }, _: Request, __: Response, next: NextFunction): void {
  const { limit } = error;
  const detail = `This request takes a body of at most ${limit} bytes, inflated.`;
  next(limit === undefined ? error : new Problem({ status: 413, title: 'Content too large', detail }));
}
