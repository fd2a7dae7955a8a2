import { type CanActivate, type ExecutionContext, SetMetadata } from '@nestjs/common';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { parseJson } from './json.ts';
import { Problem } from './problem.ts';

const READER = 'pasindo:body-reader';

/** Up to so many bytes, however they were compressed. */
const readerOf = (limit: number): RequestHandler =>
  express.raw({ type: ['application/json', 'application/*+json'], limit });

/** Where a route says nothing else. */
const usualReader = readerOf(100_000);

/** A route that takes larger bodies than others. @param bytes inflated */
export const TakesUpTo = (bytes: number): MethodDecorator => SetMetadata(READER, readerOf(bytes));

/** Reads a JSON body once it is known that who sends it may; what is no JSON is left to routes that read it. */
export class BodyGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const read: RequestHandler = Reflect.getMetadata(READER, context.getHandler()) ?? usualReader;
    const request = http.getRequest<Request>();
    await bytesOf(request, http.getResponse<Response>(), read);
    if (Buffer.isBuffer(request.body)) request.body = jsonOf(request, request.body);
    return true;
  }
}

function bytesOf(request: Request, response: Response, read: RequestHandler): Promise<void> {
  return new Promise((resolve, reject) => {
    read(request, response, (error?: unknown) => {
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
