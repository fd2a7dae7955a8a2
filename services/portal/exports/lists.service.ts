import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Problem } from '#libs/http';
import { CallsService } from '../calls/calls.service.ts';
import { filled, type Parameters } from '../screens/request.ts';
import type { Session } from '../session/session.ts';
import { headOf, linesOf } from './list-file.ts';
import type { List } from './lists.ts';

/** As many as a service gives at once. */
const LIMIT = '1000';
/** Of each page. */
const DEADLINE_MS = 60_000;

interface Page {
  readonly items: readonly object[];
  readonly nextCursor?: string | null;
}

/** Lists as files, read page by page in the name of who is signed in: they are never here as a whole. */
@Injectable()
export class ListsService {
  constructor(private readonly calls: CallsService) {}

  /**
   * @param gone the reader has gone away: nothing more is asked
   * @throws Problem as the service says it
   */
  async *csv(session: Session, list: List, parameters: Parameters, gone: AbortSignal): AsyncGenerator<string> {
    const pageAt = (path: string) => this.#page(session, list, path, gone);
    const [path = '', query] = filled(list.section.path, parameters).split('?');
    const asked = new URLSearchParams(query);
    if (list.section.path.includes('limit=')) asked.set('limit', LIMIT); // the others come whole
    let page = await pageAt(`${path}?${asked}`);
    yield headOf(list.columns) + linesOf(list.columns, page.items);
    while (page.nextCursor) {
      asked.set('cursor', page.nextCursor);
      page = await pageAt(`${path}?${asked}`);
      yield linesOf(list.columns, page.items);
    }
  }

  async #page(session: Session, { section, purpose }: List, path: string, gone: AbortSignal): Promise<Page> {
    const headers = { ...(purpose && { 'x-purpose': purpose }) };
    const signal = AbortSignal.any([gone, AbortSignal.timeout(DEADLINE_MS)]); // of all tries together
    for (;;) {
      const answer = await this.calls.answer(session, { service: section.service, path }, { headers, signal });
      if (answer.status === 429) {
        const seconds = Number(answer.headers.get('retry-after')) || 1; // so often may one person ask
        await sleep(seconds * 1_000, undefined, { signal });
        continue;
      }
      if (answer.ok) return (await answer.json()) as Page;
      const { title, detail } = (await answer.json()) as { title: string; detail?: string };
      throw new Problem({ status: answer.status, title, ...(detail && { detail }) });
    }
  }
}
