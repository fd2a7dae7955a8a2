import { Injectable } from '@nestjs/common';
import { RepeatedWork } from '#libs/service';
import { ReleasesService } from './releases.service.ts';

const INTERVAL_MS = 60_000;
const SALES_AT_ONCE = 500;

/** Releases sales of channels that report no settlements, once their return window is over. */
@Injectable()
export class ReleaseTimerService extends RepeatedWork {
  constructor(private readonly releases: ReleasesService) {
    super(INTERVAL_MS, 'nothing released');
  }

  protected override async work(): Promise<boolean> {
    return (await this.releases.releaseDue(new Date(), SALES_AT_ONCE)) === SALES_AT_ONCE;
  }
}
