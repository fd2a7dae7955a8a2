import { Readable } from 'node:stream';
import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Open } from '#libs/access';
import { LeavesBody } from '#libs/http';
import { CallsService } from '../calls/calls.service.ts';
import { allowedPath } from '../calls/patterns.ts';
import { ScreensService } from '../screens/screens.service.ts';
import type { Session } from '../session/session.ts';
import { SignedIn } from '../session/signed-in.decorator.ts';
import { COMMANDS, REPLACEMENTS } from './commands.ts';

/** Of a catalogue that is imported; other commands are answered at once. */
const DEADLINE_MS = 600_000;
/** What a service is told of a request besides its body and who asks. */
const HEADERS = ['content-type', 'idempotency-key', 'accept-language', 'x-purpose'];

/** What people decide, passed on to the service that judges it, and its answer as it is. */
@Controller('api/commands')
export class CommandsController {
  constructor(
    private readonly calls: CallsService,
    private readonly screens: ScreensService,
  ) {}

  @Open()
  @LeavesBody()
  @Post(':service/*path')
  @HttpCode(200)
  async pass(
    @SignedIn() session: Session,
    @Param('service') service: string,
    @Param('path') segments: string[],
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const replaced = allowedPath(REPLACEMENTS, service, segments);
    const call = replaced ?? allowedPath(COMMANDS, service, segments);
    const given = HEADERS.flatMap((name) => (request.header(name) ? [[name, request.header(name)]] : []));
    await this.calls.relay(session, call, response, {
      method: replaced ? 'PUT' : 'POST',
      headers: Object.fromEntries(given),
      body: Readable.toWeb(request) as ReadableStream,
      deadlineMs: DEADLINE_MS,
    });
    if (call && response.statusCode < 300) this.screens.forget(call);
  }
}
