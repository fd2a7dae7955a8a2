import { Injectable } from '@nestjs/common';
import { Database, REPEATED_FOR_MANY } from '#libs/database';
import { RepeatedWork } from '#libs/service';
import { TotalRepository } from './total.repository.ts';

const INTERVAL_MS = 1_000;

const FACILITIES_AT_ONCE = 200;
const JOURNALS_AT_ONCE = 2_000;

/**
 * Adds up what is sold, behind posting, which does not wait for it: of each chain from where it has come to, which it
 * remembers in the transaction that adds. So each journal is added once, whoever posted it and when, also if that was
 * before there were totals.
 */
@Injectable()
export class AddingUpService extends RepeatedWork {
  constructor(
    private readonly database: Database,
    private readonly totals: TotalRepository,
  ) {
    super(INTERVAL_MS, 'the totals of sales are interrupted');
  }

  protected override work(): Promise<boolean> {
    return this.addUp();
  }

  /** The next journals of some facilities. @returns whether there are more */
  addUp(): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const parts = await this.totals.claim(transaction, FACILITIES_AT_ONCE, JOURNALS_AT_ONCE);
      if (parts.length === 0) return false;
      await this.totals.add(transaction, parts);
      return parts.length === FACILITIES_AT_ONCE || parts.some(({ until, end }) => until < end);
    }, REPEATED_FOR_MANY);
  }
}
