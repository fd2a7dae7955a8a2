import { Injectable } from '@nestjs/common';
import { type Principal, readGrants, TokenVerifier } from '#libs/access';
import { Database } from '#libs/database';
import { Problem } from '#libs/http';
import { log } from '#libs/observability';
import { audienceOf, PORTAL, type Service } from '../calls/service.ts';
import { GrantEnded, IssuerService } from './issuer.service.ts';
import { SessionRepository } from './session.repository.ts';
import { hashOf, newSessionId, type Session, type Tokens } from './session.ts';

/** A token is not sent when it could end on the way. */
const SPARE_MS = 30_000;

/** Who is signed in, and as whom the services are asked for him. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly issuer: IssuerService,
    private readonly verifier: TokenVerifier,
  ) {}

  /** @returns what the browser is to keep */
  async begin(tokens: Tokens): Promise<string> {
    const own = freshIn(tokens, PORTAL);
    const { person } = await this.verifier.verify(own ?? '');
    if (person === undefined) throw new Error('a program signs in as if it were a person');
    const sessionId = newSessionId();
    await this.sessions.begin({ idHash: hashOf(sessionId), person, tokens });
    log.info({ person }, 'signed in');
    return sessionId;
  }

  /** The living session of this id, which is used now. */
  use(sessionId: string): Promise<Session | undefined> {
    return this.sessions.use(hashOf(sessionId));
  }

  lives({ idHash }: Session): Promise<boolean> {
    return this.sessions.lives(idHash);
  }

  async end(session: Session): Promise<void> {
    await this.sessions.end(session.idHash);
    await this.issuer.revoke(session.tokens);
    log.info({ person: session.person }, 'signed out');
  }

  /** All of this person's, wherever they are. */
  async endAllOf(person: string): Promise<void> {
    const ended = await this.sessions.endAllOf(person);
    await Promise.all(ended.map(({ tokens }) => this.issuer.revoke(tokens)));
    log.info({ person, sessions: ended.length }, 'signed out everywhere');
  }

  /** What somebody is granted: as old as a token may be. */
  async principalOf(session: Session): Promise<Principal> {
    const { grants, ...who } = await this.verifier.verify(await this.tokenFor(session, PORTAL));
    return { ...who, grants: readGrants(grants) };
  }

  /**
   * An access token for a service. One that is needed anew is got once: whoever else needs it waits for the row.
   * @throws Problem 401: the issuer has ended what this session stands on; 503: it is away
   */
  async tokenFor(session: Session, name: Service | typeof PORTAL): Promise<string> {
    const known = freshIn(session.tokens, name);
    if (known !== undefined) return known;
    try {
      return await this.database.transaction(async (transaction) => {
        const current = await this.sessions.lock(transaction, session.idHash);
        if (!current) throw notSignedIn();
        const there = freshIn(current.tokens, name);
        if (there !== undefined) return there;
        const tokens = await this.issuer.refresh(current.tokens, audienceOf(name));
        await this.sessions.keep(transaction, session.idHash, tokens);
        return tokens.access[audienceOf(name)]?.token ?? '';
      });
    } catch (error) {
      if (!(error instanceof GrantEnded)) throw error;
      await this.sessions.end(session.idHash);
      throw notSignedIn();
    }
  }
}

function freshIn({ access }: Tokens, name: Service | typeof PORTAL): string | undefined {
  const known = access[audienceOf(name)];
  return known && known.expiresAt - SPARE_MS > Date.now() ? known.token : undefined;
}

export function notSignedIn(): Problem {
  return new Problem({ status: 401, title: 'Not signed in', detail: 'Sign in at /auth/login.' });
}
