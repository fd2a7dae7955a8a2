import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { PostedEntry } from '../../books/journals/journal.repository.ts';

@Injectable()
export class EntryRepository {
  constructor(private readonly database: Database) {}

  /** The `version`-th entry of an account. */
  async find(account: string, version: number): Promise<(PostedEntry & { journalId: string }) | undefined> {
    const [entry] = await this.database.query<PostedEntry & { journalId: string }>(
      `SELECT journal_id AS "journalId", code AS account, amount, line_ref AS "lineRef", step,
              account_version AS "accountVersion", running_balance AS "runningBalance"
         FROM entry JOIN account USING (account_id)
        WHERE code = $1 AND account_version = $2`,
      [account, version],
    );
    return entry;
  }
}
