import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Router } from 'express';
import { requireDoors, routesOf } from '#libs/access';
import { DatabaseModule } from '#libs/database';
import { requireEncrypted } from '#libs/environment';
import { createApplication, type Edges } from '#libs/service';
import { assets } from './assets/assets.middleware.ts';
import { addressOf, SERVICES, type Service } from './calls/service.ts';
import { portalMigrations } from './migrations/index.ts';
import { PortalModule } from './portal.module.ts';
import { authenticate } from './session/authenticate.middleware.ts';
import { Cookies } from './session/cookies.service.ts';
import { Origin } from './session/origin.ts';
import { SessionGuard } from './session/session.guard.ts';
import { SessionsService } from './session/sessions.service.ts';

/**
 * The portal, ready to start. Environment: DATABASE_URL, KAFKA_BROKERS, SEALING_KEYS, PORTAL_ORIGIN (where browsers find
 * it: https, or this computer), CATALOGUE_ADDRESS and so on, what session/issuer.service.ts names.
 */
export async function createPortal({ host, port, tls, trustProxy }: Edges): Promise<NestExpressApplication> {
  @Module({
    providers: [
      { provide: Origin, useFactory: () => new Origin(process.env.PORTAL_ORIGIN ?? `http://${host}:${port}`) },
    ],
    exports: [Origin],
  })
  class PlaceModule {}

  @Module({
    imports: [
      { module: PlaceModule, global: true },
      DatabaseModule.forRoot({ migrations: portalMigrations }),
      PortalModule,
    ],
  })
  class ProgramModule {}

  for (const service of SERVICES) requireTokensAreSafe(service);
  requireDoors(routesOf(ProgramModule), []);
  return createApplication(
    ProgramModule,
    (app) => ({
      authenticate: Router().use(assets(), authenticate(app.get(SessionsService), app.get(Cookies))),
      permission: app.get(SessionGuard),
    }),
    { tls, trustProxy },
  );
}

/** Of whoever is signed in, who could be anybody's then. */
function requireTokensAreSafe(service: Service): void {
  const { protocol, hostname: host } = new URL(addressOf(service));
  const variable = `${service.toUpperCase()}_ADDRESS`;
  requireEncrypted({ host, isEncrypted: protocol === 'https:', variable, remedy: 'https' }, process.env);
}
