import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { Response as Answer } from 'express';
import { Problem } from '#libs/http';
import { correlation, log } from '#libs/observability';
import type { Session } from '../session/session.ts';
import { SessionsService } from '../session/sessions.service.ts';
import type { Call } from './patterns.ts';
import { addressOf, type Service } from './service.ts';

/** What a browser is told of a service's answer besides its body. */
const HEADERS = ['content-type', 'content-disposition', 'retry-after', 'vary'];

interface Relayed {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: ReadableStream;
  readonly deadlineMs: number;
}

/** Asks services in the name of who is signed in. */
@Injectable()
export class CallsService {
  constructor(private readonly sessions: SessionsService) {}

  /** Tokens that are needed anew are got here, so that no call waits for one. */
  async prepare(session: Session, services: Iterable<Service>): Promise<void> {
    await Promise.all([...new Set(services)].map((service) => this.sessions.tokenFor(session, service)));
  }

  /** @param path behind `/v1/`, with everything in it that has to be escaped */
  async ask(session: Session, service: Service, path: string, init: RequestInit = {}): Promise<Response> {
    const { correlationId } = correlation.getStore() ?? {};
    return fetch(`${addressOf(service)}/v1/${path}`, {
      redirect: 'error',
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        authorization: `Bearer ${await this.sessions.tokenFor(session, service)}`,
        ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
      },
    });
  }

  /** @throws Problem 503: the service does not answer */
  async answer(session: Session, { service, path }: Call, init: RequestInit): Promise<Response> {
    return this.ask(session, service, path, init).catch((error: unknown) => {
      throw error instanceof Problem ? error : away(service, error);
    });
  }

  /**
   * Asks, and answers as the service does, its problems too; what is long is passed on as it comes. What breaks off there
   * breaks off here.
   * @throws Problem 404: not a call of the portal; 503: the service does not answer
   */
  async relay(session: Session, call: Call | undefined, response: Answer, relayed: Relayed): Promise<void> {
    if (!call) throw new Problem({ status: 404, title: 'Not found', detail: 'There is nothing here.' });
    const { deadlineMs, body, ...init } = relayed;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(deadlineMs)]);
    const sent = { ...init, signal, ...(body && { body, duplex: 'half' as const }) };
    const answer = await this.answer(session, call, sent);
    response.status(answer.status);
    for (const name of HEADERS) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value);
    }
    if (answer.body) await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), response);
    else response.end();
  }
}

function away(service: Service, error: unknown): Problem {
  log.warn({ err: error, service }, 'a service does not answer');
  const detail = `${service} does not answer. Whether it was done is told by asking again, with the same Idempotency-Key.`;
  return new Problem({ status: 503, title: 'Not available', detail, headers: { 'retry-after': '5' } });
}
