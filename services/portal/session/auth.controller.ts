import { Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Open, Public } from '#libs/access';
import { Problem } from '#libs/http';
import { log } from '#libs/observability';
import { Cookies } from './cookies.service.ts';
import { IssuerService } from './issuer.service.ts';
import { Origin } from './origin.ts';
import { localPath, type Session } from './session.ts';
import { SessionsService } from './sessions.service.ts';
import { SignedIn } from './signed-in.decorator.ts';

/** Signing in and out. */
@Controller('auth')
export class AuthController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly issuer: IssuerService,
    private readonly cookies: Cookies,
    private readonly origin: Origin,
  ) {}

  /** To the issuer. @param as of a demo: whose button is pressed there @param to where to afterwards */
  @Public()
  @Get('login')
  async login(
    @Req() request: Request,
    @Res() response: Response,
    @Query('as') as?: string,
    @Query('to') to?: string,
  ): Promise<void> {
    const elsewhere = this.origin.insteadOf(request.headers.host, request.originalUrl);
    if (elsewhere) return response.redirect(307, elsewhere);
    const isDemo = process.env.PASINDO_DEMO === 'on';
    const { url, pending } = await this.issuer.begin(localPath(to), isDemo ? as : undefined);
    this.cookies.setPending(response, pending);
    response.redirect(303, url.href);
  }

  /** Back from the issuer. A session that this browser had until now ends. */
  @Public()
  @Get('callback')
  async callback(
    @Req() request: Request,
    @Res() response: Response,
    @Query() query: Record<string, string>,
  ): Promise<void> {
    const pending = this.cookies.takePending(request, response);
    if (!pending) return this.#failed(response, 'nobody here went to sign in');
    try {
      const sessionId = await this.sessions.begin(await this.issuer.finish(pending, new URLSearchParams(query)));
      if (request.session) await this.sessions.end(request.session);
      this.cookies.setSession(response, sessionId);
      response.redirect(303, pending.to);
    } catch (error) {
      if (error instanceof Problem && error.problem.status === 503) throw error;
      this.#failed(response, error);
    }
  }

  /** Ends this session, here and at the issuer; the browser forgets what it had of it. */
  @Open()
  @Post('logout')
  @HttpCode(204)
  async logout(@SignedIn() session: Session, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.end(session);
    this.#forget(response);
  }

  /** Ends all sessions of this person, on whatever devices they are. */
  @Open()
  @Post('logout/everywhere')
  @HttpCode(204)
  async logoutEverywhere(
    @SignedIn() { person }: Session,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.sessions.endAllOf(person);
    this.#forget(response);
  }

  #forget(response: Response): void {
    this.cookies.clearSession(response);
    response.set('clear-site-data', '"cache", "storage"');
  }

  #failed(response: Response, error: unknown): void {
    log.warn(error instanceof Error ? { err: error } : { because: error }, 'not signed in');
    response.redirect(303, '/?sign-in=failed');
  }
}
