import { Injectable } from '@nestjs/common';
import { Database, elevated, REPEATED } from '#libs/database';
import { RepeatedWork } from '#libs/service';
import { BreakRepository } from './break.repository.ts';

/** Whoever asks has it done first; so that there is never much to do. */
const INTERVAL_MS = 10 * 60_000;
/** To compare all that books of years hold takes minutes. */
const ALL = { statementDeadlineMs: 15 * 60_000 };

/** Compares what orders, payments and the ledger say of the same: what agrees is not looked at again until one says more. */
@Injectable()
export class ReconciliationService extends RepeatedWork {
  constructor(
    private readonly database: Database,
    private readonly breaks: BreakRepository,
  ) {
    super(INTERVAL_MS, 'the reconciliation is interrupted');
  }

  protected override async work(): Promise<boolean> {
    await this.compare();
    return false;
  }

  /** Brings `reconciliation_break` up to date with all that is said and posted. */
  async compare(): Promise<void> {
    await elevated(async () => {
      const sending = (await this.breaks.isNew(this.database)) ? ALL : REPEATED;
      await this.database.transaction(
        async (transaction) => this.breaks.compare(transaction, await this.breaks.claim(transaction)),
        sending,
      );
    });
  }
}
