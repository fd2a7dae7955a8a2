import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Fault } from '#libs/contracts';
import { isTransient } from '#libs/database';
import { correlation, log } from '#libs/observability';
import { routeOf, unrouted } from './route.ts';

/** What is wrong with one field of a request; its sender reads one of the two sentences. */
export interface FieldError extends Fault {
  /** Path in the body or query: `lines.0.quantity`. */
  readonly field: string;
}

export interface ProblemDetails {
  readonly status: number;
  /** The same for every occurrence: "Order not found". */
  readonly title: string;
  /** This occurrence. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Of the answer: what a caller's library reads. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log alone, where the title does not tell it: which rule refused. */
  readonly reason?: string;
}

/** An error that its caller can do something about, told as RFC 9457 says. */
export class Problem extends HttpException {
  constructor(readonly problem: ProblemDetails) {
    super({ ...problem }, problem.status);
    this.message = problem.detail ?? problem.title;
  }
}

export function notFound(what: string, id: string): Problem {
  return new Problem({
    status: 404,
    title: `${what} not found`,
    detail: `There is no ${what.toLowerCase()} ${id}.`,
  });
}

/** SQLSTATEs of a NUL in a text or in JSON. */
const UNSTORABLE_TEXT = ['22021', '22P05'];

/** SQLSTATE of a row beyond the scope that somebody would write, and of a table that it has nothing of. */
const FORBIDDEN = '42501';

/** They say how things are, and keep nobody from anything. */
const NO_REFUSALS = [404, 405, 409, 422];

/**
 * Every error answer of every service: application/problem+json. Errors of our own tell nothing but the correlation id.
 * They and refusals are a line of the log each.
 * An answer that has begun is broken off, so that nobody takes it for a whole one.
 * What is wrong with a field is said in the language that `Accept-Language` prefers, English or Indonesian; English if
 * it says neither, as the senders are programs and their developers.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (response.headersSent) {
      log.error({ err: error, ...routeOf(http.getRequest<Request>()) }, 'answer broken off');
      response.socket?.resetAndDestroy();
      return;
    }
    const request = http.getRequest<Request>();
    const {
      errors,
      headers,
      reason = errors?.[0]?.code,
      ...problem
    }: ProblemDetails = error instanceof NotFoundException ? unrouted(request, response) : problemOf(error);
    const { status, title } = problem;
    const told = { ...routeOf(request), status, reason: reason ?? wordsOf(title) };
    if (status >= 500 || isBeyondTheRows(error)) log.error({ err: error, ...told }, 'request failed');
    else if (!NO_REFUSALS.includes(status)) log.warn(told, 'request refused');
    const language = request.acceptsLanguages(['en', 'id']) === 'id' ? 'id' : 'en';
    response
      .status(status)
      .set({ ...headers })
      .type('application/problem+json')
      .vary('Accept-Language')
      .send({
        type: typeOf(problem),
        ...problem,
        ...(errors && { errors: errors.map((each) => ({ ...each, message: each.message[language] })) }),
        instance: request.originalUrl,
        correlationId: correlation.getStore()?.correlationId,
      });
  }
}

/** What kind of problem it is, for programs: its title, written as a URN. One that is its status alone has none. */
export function typeOf({ status, title }: Pick<ProblemDetails, 'status' | 'title'>): string {
  return title === STATUS_CODES[status] ? 'about:blank' : `urn:pasindo:problem:${wordsOf(title)}`;
}

function wordsOf(title: string): string {
  return (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('-');
}

function isBeyondTheRows(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === FORBIDDEN;
}

function problemOf(error: unknown): ProblemDetails {
  if (error instanceof Problem) return error.problem;
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return { status, title: STATUS_CODES[status] ?? 'Refused', detail: error.message };
  }
  // body-parser: not JSON, too large, ...
  const { status, type } = (error ?? {}) as { status?: unknown; type?: string };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return {
      status,
      title: 'Request not readable',
      ...(type !== undefined && { reason: type }),
      detail: (error as Error).message,
    };
  }
  if (UNSTORABLE_TEXT.includes((error as { code?: string } | null)?.code ?? '')) {
    return { status: 400, title: 'Invalid request', detail: 'A text holds a character that cannot be stored (NUL).' };
  }
  if (isBeyondTheRows(error)) {
    return {
      status: 403,
      title: 'Not allowed',
      reason: 'beyond-the-rows',
      detail: 'It is about what whoever asks may not see or change.',
    };
  }
  if (isTransient(error)) {
    return { status: 503, title: 'Not available', detail: 'The database is away. Try again in a few seconds.' };
  }
  return { status: 500, title: 'Internal error' };
}
