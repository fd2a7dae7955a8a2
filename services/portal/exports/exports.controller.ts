import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Open } from '#libs/access';
import { CallsService } from '../calls/calls.service.ts';
import { allowedPath } from '../calls/patterns.ts';
import type { Session } from '../session/session.ts';
import { SignedIn } from '../session/signed-in.decorator.ts';
import { EXPORTS } from './exports.ts';

/** All of the books of years. */
const DEADLINE_MS = 600_000;
/** Of what is about one maker, and written down there: it is handed over. */
const PURPOSE = 'statement';

/** Files, as services make them. */
@Controller('api/exports')
export class ExportsController {
  constructor(private readonly calls: CallsService) {}

  @Open()
  @Get(':service/*path')
  async pass(
    @SignedIn() session: Session,
    @Param('service') service: string,
    @Param('path') segments: string[],
    @Query() query: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const call = allowedPath(EXPORTS, service, segments);
    const asked = call && { ...call, path: `${call.path}?${new URLSearchParams(query)}` };
    const language = request.header('accept-language');
    await this.calls.relay(session, asked, response, {
      method: 'GET',
      headers: { 'x-purpose': PURPOSE, ...(language !== undefined && { 'accept-language': language }) },
      deadlineMs: DEADLINE_MS,
    });
  }
}
