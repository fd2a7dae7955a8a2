import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope } from '#libs/database';
import { readAbout } from '../../books/accounts/maker-seat.repository.ts';
import { type PostedEntry, RUNNING_BALANCE } from '../../books/journals/journal.repository.ts';

@Injectable()
export class EntryRepository {
  constructor(private readonly database: Database) {}

  /** The `version`-th entry of an account. */
  async find(account: string, version: number): Promise<(PostedEntry & { journalId: string }) | undefined> {
    const [entry] = await readAbout(this.database, account, () =>
      this.database.query<PostedEntry & { journalId: string }>(
        `SELECT journal_id AS "journalId", code AS account, amount, line_ref AS "lineRef", step,
                account_version AS "accountVersion", ${RUNNING_BALANCE('$3')} AS "runningBalance"
           FROM account_book JOIN entry USING (facility_id, account_id)
          WHERE code = $1 AND account_version = $2`,
        [account, version, facilitiesInScope()],
      ),
    );
    return entry;
  }
}
