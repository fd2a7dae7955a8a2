import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Public } from '#libs/access';
import { Problem } from '#libs/http';
import { FacilitiesService } from '../facilities/facilities.service.ts';
import { DemoPersons } from './demo-persons.service.ts';
import type { Session } from './session.ts';
import { SessionsService } from './sessions.service.ts';

/** Who is signed in, for the page to begin with. */
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly facilities: FacilitiesService,
    private readonly persons: DemoPersons,
  ) {}

  @Public()
  @Get()
  async read(@Req() request: Request) {
    const { session } = request;
    const common = { demo: this.persons.isDemo, locale: request.acceptsLanguages(['id', 'en']) || 'id' };
    const principal = session && (await this.#principalOf(session));
    if (!session || !principal) {
      return { signedIn: false, ...common, ...(this.persons.isDemo && { persons: await this.persons.all() }) };
    }
    const persons = await this.persons.all();
    return {
      signedIn: true,
      person: session.person,
      title: persons.find(({ id }) => id === session.person)?.title ?? null,
      grants: principal.grants,
      facilities: await this.facilities.inScopeOf(session, principal.grants),
      ...common,
    };
  }

  /** Undefined: the issuer has ended what the session stood on. */
  #principalOf(session: Session) {
    return this.sessions.principalOf(session).catch((error: unknown) => {
      if (error instanceof Problem && error.problem.status === 401) return undefined;
      throw error;
    });
  }
}
