import { type CanActivate, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { parseJson } from './json.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { Problem } from './problem.ts';

const READING = 'pasindo:body-reading';

interface Reading {
  readonly read: RequestHandler;
  readonly bytes: number;
  /** In which it has come in whole. */
  readonly seconds: number;
  /** It stays what it is. */
  readonly asBytes?: true;
}

/** Up to so many bytes, however they were compressed. */
const readerOf = (limit: number): RequestHandler =>
  express.raw({ type: ['application/json', 'application/*+json'], limit });

const USUAL_BYTES_MAX = 100_000;
/** Who sends more, or does not say how much, waits until nobody else's so large is in memory. */
const AT_ONCE_BYTES_MAX = 16_777_216;

/** A route that takes larger bodies than others, and waits longer for them. @param bytes inflated */
export const TakesUpTo = (bytes: number, seconds?: number): MethodDecorator =>
  SetMetadata(READING, { bytes, read: readerOf(bytes), ...(seconds !== undefined && { seconds }) });

/** A route that takes bytes (`@Bytes()`), whatever they are, as they were sent: who signs them has not compressed them. */
export const TakesBytes = (bytes: number): MethodDecorator =>
  SetMetadata(READING, { bytes, read: express.raw({ type: () => true, limit: bytes, inflate: false }), asBytes: true });

/** The body of a route that takes bytes. */
export const Bytes = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => {
  const { body } = context.switchToHttp().getRequest<Request>();
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
});

/** A route that passes its body on as it comes. */
export const LeavesBody = (): MethodDecorator =>
  SetMetadata(READING, { read: ((_request, _response, next) => next()) satisfies RequestHandler });

/**
 * Reads a JSON body once it is known that who sends it may; what is no JSON is left to routes that read it. Environment:
 * REQUEST_SECONDS (30), for which a body is waited for.
 */
export class BodyGuard implements CanActivate {
  #isHoldingLarge = false;
  readonly #usual: Reading = {
    read: readerOf(USUAL_BYTES_MAX),
    bytes: USUAL_BYTES_MAX,
    seconds: Number(process.env.REQUEST_SECONDS ?? 30),
  };

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const said: Partial<Reading> = Reflect.getMetadata(READING, context.getHandler()) ?? {};
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const reading = { ...this.#usual, ...said };
    if (reading.bytes > AT_ONCE_BYTES_MAX && isLarge(request)) this.#hold(response);
    await bytesOf(request, response, reading);
    if (Buffer.isBuffer(request.body) && !reading.asBytes) request.body = jsonOf(request, request.body);
    return true;
  }

  /** Until it is answered, or its sender has gone away. */
  #hold(response: Response): void {
    if (this.#isHoldingLarge) throw oneAtATime();
    this.#isHoldingLarge = true;
    response.once('close', () => (this.#isHoldingLarge = false));
  }
}

function isLarge({ headers }: Request): boolean {
  const isSaid = headers['content-encoding'] === undefined && headers['transfer-encoding'] === undefined;
  return !isSaid || Number(headers['content-length'] ?? 0) > AT_ONCE_BYTES_MAX;
}

function bytesOf(request: Request, response: Response, { read, seconds }: Reading): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      const detail = `This request has not come in whole within ${seconds} seconds.`;
      reject(new Problem({ status: 408, title: 'Request timeout', detail, headers: { connection: 'close' } }));
    }, seconds * 1_000);
    read(request, response, (error?: unknown) => {
      clearTimeout(late);
      if (error === undefined) return resolve();
      const { limit } = error as { limit?: number };
      const detail = `This request takes a body of at most ${limit} bytes, inflated.`;
      reject(limit === undefined ? error : new Problem({ status: 413, title: 'Content too large', detail }));
    });
  });
}

function jsonOf(request: Request, bytes: Buffer): unknown {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.header('content-type') ?? '')?.[1] ?? 'utf-8';
  if (charset.toLowerCase() !== 'utf-8') {
    throw new Problem({ status: 415, title: 'Unsupported media type', detail: 'JSON is written in UTF-8 (RFC 8259).' });
  }
  return bytes.length === 0 ? undefined : parseJson(bytes);
}
