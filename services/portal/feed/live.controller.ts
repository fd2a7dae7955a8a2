import { Controller, Get, type OnModuleDestroy, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Gauge } from 'prom-client';
import { Open } from '#libs/access';
import { Problem } from '#libs/http';
import { log } from '#libs/observability';
import { FacilitiesService } from '../facilities/facilities.service.ts';
import type { Session } from '../session/session.ts';
import { SessionsService } from '../session/sessions.service.ts';
import { SignedIn } from '../session/signed-in.decorator.ts';
import { audienceOf } from './audience.ts';
import type { Change } from './change.ts';
import { FeedService } from './feed.service.ts';

const HEARTBEAT_MS = 15_000;
/** Of one person, whose browsers keep one each. */
const STREAMS_MAX = 10;
/** A browser that takes nothing any more: it asks again when it is back. */
const WAITING_BYTES_MAX = 65_536;

const streamsOpen = new Gauge({ name: 'portal_live_streams', help: 'Browsers that are told what changes' });

/** Tells browsers that something has changed (server-sent events); what it is now, they ask. */
@Controller('api/live')
export class LiveController implements OnModuleDestroy {
  readonly #streams = new Map<Response, string>();

  constructor(
    private readonly feed: FeedService,
    private readonly sessions: SessionsService,
    private readonly facilities: FacilitiesService,
  ) {}

  /**
   * `event: change` with a facility, a kind and a reference, of what is in the scope of this session; a comment now and
   * then. It ends with the session, and when changes may have been missed: who comes again asks for everything anew.
   */
  @Open()
  @Get()
  async live(@SignedIn() session: Session, @Res() response: Response): Promise<void> {
    if (!this.feed.isReady) {
      const detail = 'Changes are not told at the moment: ask every half minute.';
      throw new Problem({ status: 503, title: 'Not available', detail, headers: { 'retry-after': '30' } });
    }
    if ([...this.#streams.values()].filter((person) => person === session.person).length >= STREAMS_MAX) {
      throw new Problem({ status: 429, title: 'Too many streams', detail: `One person has ${STREAMS_MAX} at most.` });
    }
    let isHisToHear = await this.#audienceOf(session);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    response.write('retry: 3000\n\n');
    const stopListening = this.feed.listen((change) => {
      if (isHisToHear(change)) send(response, change);
    });
    const heartbeat = setInterval(async () => {
      try {
        if (!this.feed.isReady || !(await this.sessions.lives(session))) return void response.end();
        isHisToHear = await this.#audienceOf(session);
        response.write(': still here\n\n');
      } catch (error) {
        log.debug({ err: error }, 'a stream ends'); // its browser comes again
        response.end();
      }
    }, HEARTBEAT_MS);
    this.#streams.set(response, session.person);
    streamsOpen.set(this.#streams.size);
    response.on('close', () => {
      clearInterval(heartbeat);
      stopListening();
      this.#streams.delete(response);
      streamsOpen.set(this.#streams.size);
    });
  }

  onModuleDestroy(): void {
    for (const response of this.#streams.keys()) response.end();
  }

  /** As it is now: grants end, and facilities come. */
  async #audienceOf(session: Session): Promise<(change: Change) => boolean> {
    const { grants } = await this.sessions.principalOf(session);
    return audienceOf(grants, await this.facilities.inScopeOf(session, grants));
  }
}

function send(response: Response, change: Change): void {
  if (response.writableLength > WAITING_BYTES_MAX) response.destroy();
  else response.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
}
