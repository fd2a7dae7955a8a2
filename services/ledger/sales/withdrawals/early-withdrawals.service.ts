import { Injectable } from '@nestjs/common';
import { RepeatedWork } from '#libs/service';
import { RefusedEventsService } from '../sales/refused-events.service.ts';

const INTERVAL_MS = 2_000;

/** Posts withdrawals that were told before what they took had come to the wallet, once it has. */
@Injectable()
export class EarlyWithdrawalsService extends RepeatedWork {
  constructor(private readonly refusedEvents: RefusedEventsService) {
    super(INTERVAL_MS, 'withdrawals that were told early not posted');
  }

  protected override async work(): Promise<boolean> {
    await this.refusedEvents.withdrawWhatHasCome();
    return false;
  }
}
