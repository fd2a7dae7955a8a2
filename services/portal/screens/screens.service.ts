import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Grant } from '#libs/access';
import { fault } from '#libs/contracts';
import { Problem } from '#libs/http';
import { log } from '#libs/observability';
import { CallsService } from '../calls/calls.service.ts';
import { Kept } from '../calls/kept.ts';
import type { Call } from '../calls/patterns.ts';
import type { Session } from '../session/session.ts';
import { SessionsService } from '../session/sessions.service.ts';
import { makersIn, NAMES_MAX } from './makers-in.ts';
import { faultsOf, filled, type Parameters } from './request.ts';
import type { Purpose, Screen, Section } from './screen.ts';

/** Of each call: a page shows what came by then. */
const DEADLINE_MS = 2_000;

export interface SectionAnswer {
  readonly state: 'ok' | 'stale' | 'forbidden' | 'unavailable';
  /** When what is told was so. */
  readonly asOf: string;
  readonly data: unknown;
  /** Why there is nothing, as the service says it. */
  readonly problem?: object;
}

type Headers = Readonly<Record<string, string>>;

const sectionsTotal = new Counter({
  name: 'portal_sections_total',
  help: 'Sections of screens, by the service that was asked and what came of it',
  labelNames: ['service', 'state'],
});

/** What a page shows, each section of it from one service, whatever becomes of the others. */
@Injectable()
export class ScreensService {
  readonly #kept = new Kept<unknown>();

  constructor(
    private readonly calls: CallsService,
    private readonly sessions: SessionsService,
  ) {}

  async load(session: Session, { sections, names, namesOf }: Screen, parameters: Parameters, language: string) {
    const list = Object.entries(sections);
    const { grants } = await this.sessions.principalOf(session);
    await this.calls.prepare(
      session,
      list.map(([, { service }]) => service),
    );
    const headers = { 'accept-language': language, ...(names && { 'x-purpose': names }) };
    const answers = await Promise.all(
      list.map(async ([name, section]) => [name, await this.#told(session, section, parameters, headers)] as const),
    );
    const named =
      names && mayName(grants)
        ? await this.#named(
            session,
            names,
            answers
              .filter(([name]) => namesOf === undefined || name === namesOf)
              .map(([name, { data }]) => (sections[name]?.path.includes('by=maker') ? keysOf(data) : data)),
          )
        : {};
    return { sections: { ...Object.fromEntries(answers), ...named } };
  }

  /** After a command that adds to what is kept: who gave it looks for it. Other instances learn it in a minute. */
  forget({ service, path }: Call): void {
    this.#kept.forget(`${service} ${path}`);
  }

  async #told(session: Session, section: Section, parameters: Parameters, headers: Headers): Promise<SectionAnswer> {
    const { service, kept } = section;
    const path = filled(section.path, parameters);
    const get = () => this.#asked(session, service, path, { headers });
    if (!kept) return this.#judged(service, async () => ({ data: await get() }));
    return this.#judged(service, async () => {
      const { value, asOf, isStale } = await this.#kept.get(`${service} ${path}`, get);
      return { data: value, asOf, isStale };
    });
  }

  /** One call for all makers of a screen; the catalogue writes down who was named, to whom and what for. */
  async #named(session: Session, purpose: Purpose, told: readonly unknown[]): Promise<{ names?: SectionAnswer }> {
    const makerIds = [...makersIn(told)].slice(0, NAMES_MAX);
    if (makerIds.length === 0) return {};
    const names = await this.#judged('catalogue', async () => ({
      data: await this.#asked(session, 'catalogue', 'makers/names', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-purpose': purpose },
        body: JSON.stringify({ makerIds }),
      }),
    }));
    return { names };
  }

  /** @throws Refusal where the service says no */
  async #asked(session: Session, service: Section['service'], path: string, init: RequestInit): Promise<unknown> {
    const answer = await this.calls.ask(session, service, path, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Refusal(answer.status, body as object);
    return body;
  }

  async #judged(
    service: Section['service'],
    ask: () => Promise<{ data: unknown; asOf?: Date; isStale?: boolean }>,
  ): Promise<SectionAnswer> {
    const judged = await ask().then(
      ({ data, asOf = new Date(), isStale }): SectionAnswer => ({
        state: isStale ? 'stale' : 'ok',
        asOf: asOfIn(data) ?? asOf.toISOString(),
        data,
      }),
      (error: unknown) => failed(error),
    );
    sectionsTotal.inc({ service, state: judged.state });
    return judged;
  }
}

/** What is told by maker has the maker as its key. */
function keysOf(data: unknown): unknown {
  const { items = [] } = (data ?? {}) as { items?: readonly { key: string }[] };
  return items.map(({ key }) => ({ makerId: key }));
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: object,
  ) {
    super(`the service answers ${status}`);
  }
}

/** @throws Problem if it is the session that has ended */
function failed(error: unknown): SectionAnswer {
  const nothing = { asOf: new Date().toISOString(), data: null };
  if (error instanceof Problem) throw error;
  if (error instanceof Refusal) {
    return { ...nothing, state: error.status === 403 ? 'forbidden' : 'unavailable', problem: error.problem };
  }
  log.warn({ err: error }, 'a section is missing');
  return { ...nothing, state: 'unavailable', problem: { status: 503, title: 'No answer in time' } };
}

/** Where an answer says itself when it was so. */
function asOfIn(data: unknown): string | undefined {
  const asOf = (data as { asOf?: unknown } | null)?.asOf;
  return typeof asOf === 'string' ? asOf : undefined;
}

/** Whom the catalogue names somebody to at all: others are not refused again and again. */
function mayName(grants: readonly Grant[]): boolean {
  return grants.some(
    ({ role, kind }) => role === 'officer' || role === 'privacy' || (role === 'drafter' && kind === 'facility'),
  );
}

/** @throws Problem (400) if something is not a parameter of a screen, is not of its form, or is missing */
export function requireTaken(screen: Screen, given: Parameters): void {
  const { unknown, malformed, missing } = faultsOf(screen, given);
  const errors = [
    ...unknown.map((field) => ({
      field,
      ...fault('unknown-field', 'is not a parameter of this screen', 'bukan parameter layar ini'),
    })),
    ...malformed.map((field) => ({
      field,
      ...fault('malformed', 'is not of its form', 'tidak berbentuk semestinya'),
    })),
    ...missing.map((field) => ({ field, ...fault('required', 'is required', 'wajib diisi') })),
  ];
  if (errors.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors });
}
