import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Open } from '#libs/access';
import { notFound } from '#libs/http';
import type { Session } from '../session/session.ts';
import { SignedIn } from '../session/signed-in.decorator.ts';
import type { Parameters } from './request.ts';
import { requireTaken, ScreensService } from './screens.service.ts';
import { SCREENS } from './screens.ts';

/** What pages show. */
@Controller('api/screens')
export class ScreensController {
  constructor(private readonly screens: ScreensService) {}

  @Open()
  @Get(':name')
  read(
    @SignedIn() session: Session,
    @Param('name') name: string,
    @Query() parameters: Parameters,
    @Req() request: Request,
  ) {
    const screen = Object.hasOwn(SCREENS, name) ? SCREENS[name] : undefined;
    if (!screen) throw notFound('Screen', name);
    requireTaken(screen, parameters);
    const language = request.acceptsLanguages(['id', 'en']) || 'id';
    return this.screens.load(session, screen, parameters, language);
  }
}
