import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import type { Access } from '#libs/http';
import { PermissionGuard, ScopeGuard } from './access.guards.ts';
import { Approvers } from './approvers.ts';
import { authenticate } from './authenticate.ts';
import { FacilityRegions } from './facility-regions.repository.ts';
import { PersonalReadRepository } from './personal-reads/personal-read.repository.ts';
import { Reach } from './reach.ts';
import { issuerOf, TokenVerifier } from './token.verifier.ts';

@Module({})
export class AccessModule {
  /** @param service whose tokens count: their audience */
  static forRoot({ service }: { service: string }): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      providers: [
        Approvers,
        FacilityRegions,
        PersonalReadRepository,
        PermissionGuard,
        Reach,
        ScopeGuard,
        { provide: TokenVerifier, useFactory: () => new TokenVerifier(issuerOf(service)) },
      ],
      exports: [Approvers, PersonalReadRepository, TokenVerifier, PermissionGuard, ScopeGuard, FacilityRegions, Reach],
    };
  }
}

/** For `overHttp`. */
export function accessOf(app: INestApplicationContext): Access {
  return {
    authenticate: authenticate(app.get(TokenVerifier)),
    permission: app.get(PermissionGuard),
    scope: app.get(ScopeGuard),
  };
}
