import { Injectable } from '@nestjs/common';
import { RepeatedWork } from '#libs/service';
import { SessionRepository } from './session.repository.ts';

const INTERVAL_MS = 600_000;

/** Forgets sessions that have ended by themselves. */
@Injectable()
export class SessionEnd extends RepeatedWork {
  constructor(private readonly sessions: SessionRepository) {
    super(INTERVAL_MS, 'sessions that have ended are not deleted');
  }

  protected override async work(): Promise<boolean> {
    await this.sessions.forgetEnded();
    return false;
  }
}
