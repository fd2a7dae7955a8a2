import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Open } from '#libs/access';
import { fault } from '#libs/contracts';
import { notFound, Problem } from '#libs/http';
import type { Session } from '../session/session.ts';
import { SignedIn } from '../session/signed-in.decorator.ts';
import { faultsOf, type Parameters } from './request.ts';
import { ScreensService } from './screens.service.ts';
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
    const { unknown, malformed, missing } = faultsOf(screen, parameters);
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
    const language = request.acceptsLanguages(['id', 'en']) || 'id';
    return this.screens.load(session, screen, parameters, language);
  }
}
