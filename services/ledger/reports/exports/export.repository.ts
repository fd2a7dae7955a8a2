import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import type { Book, ExportedJournal } from './book.ts';

@Injectable()
export class ExportRepository {
  async book(snapshot: Snapshot): Promise<Book> {
    const accounts = await snapshot.query<Book['accounts'][number]>(
      'SELECT code, class, balance FROM account ORDER BY code',
    );
    const [days] = await snapshot.query<Omit<Book, 'accounts'>>(
      'SELECT min(posted_on) AS "firstDay", max(posted_on) + 1 AS "dayAfterLast" FROM journal',
    );
    return { accounts, firstDay: null, dayAfterLast: null, ...days };
  }

  /** The next journals after this id (first: undefined) in the order of recording, with their entries. */
  journalsAfter(snapshot: Snapshot, journalId: string | undefined, limit: number): Promise<ExportedJournal[]> {
    return snapshot.query(
      `SELECT journal_id AS "journalId", posted_on AS "postedOn", kind, source_reference AS "sourceReference",
              (SELECT coalesce(json_agg(json_build_object('account', code, 'class', class, 'amount', amount)
                                        ORDER BY amount < 0, code, account_version), '[]')
                 FROM entry JOIN account USING (account_id)
                WHERE entry.journal_id = journal.journal_id) AS entries
         FROM journal
        WHERE $1::uuid IS NULL OR journal_id > $1
        ORDER BY journal_id LIMIT $2`,
      [journalId, limit],
    );
  }
}
