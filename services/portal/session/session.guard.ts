import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { doorOf } from '#libs/access';
import { notSignedIn } from './sessions.service.ts';

/** Before a body is read: that somebody is signed in, but where anybody may come. What he may, the services say. */
@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const isPublic = doorOf(context.getHandler()) === 'public';
    if (!isPublic && !context.switchToHttp().getRequest<Request>().session) throw notSignedIn();
    return true;
  }
}
