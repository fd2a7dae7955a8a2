import { Module } from '@nestjs/common';
import { issuerOf, TokenVerifier } from '#libs/access';
import { CallsService } from './calls/calls.service.ts';
import { PORTAL } from './calls/service.ts';
import { CommandsController } from './commands/commands.controller.ts';
import { ExportsController } from './exports/exports.controller.ts';
import { ListsController } from './exports/lists.controller.ts';
import { ListsService } from './exports/lists.service.ts';
import { FacilitiesService } from './facilities/facilities.service.ts';
import { FeedService } from './feed/feed.service.ts';
import { LiveController } from './feed/live.controller.ts';
import { HealthController } from './health/health.controller.ts';
import { ScreensController } from './screens/screens.controller.ts';
import { ScreensService } from './screens/screens.service.ts';
import { AuthController } from './session/auth.controller.ts';
import { Cookies } from './session/cookies.service.ts';
import { DemoPersons } from './session/demo-persons.service.ts';
import { IssuerService } from './session/issuer.service.ts';
import { SessionController } from './session/session.controller.ts';
import { SessionGuard } from './session/session.guard.ts';
import { SessionRepository } from './session/session.repository.ts';
import { SessionEnd } from './session/session-end.service.ts';
import { SessionsService } from './session/sessions.service.ts';

@Module({
  controllers: [
    AuthController,
    SessionController,
    ScreensController,
    CommandsController,
    ExportsController,
    ListsController,
    LiveController,
    HealthController,
  ],
  providers: [
    SessionRepository,
    SessionsService,
    SessionEnd,
    SessionGuard,
    Cookies,
    IssuerService,
    DemoPersons,
    CallsService,
    FacilitiesService,
    ScreensService,
    ListsService,
    FeedService,
    { provide: TokenVerifier, useFactory: () => new TokenVerifier(issuerOf(PORTAL)) },
  ],
})
export class PortalModule {}
