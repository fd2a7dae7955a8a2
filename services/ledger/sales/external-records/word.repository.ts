import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Word } from './word.ts';

@Injectable()
export class WordRepository {
  /** One statement, however many; each house and subject once. */
  async keep(transaction: Transaction, words: readonly Word[]): Promise<void> {
    if (words.length === 0) return;
    await transaction.query(
      `INSERT INTO word (subject, reference, house, state, amount, since)
       SELECT * FROM jsonb_to_recordset($1) AS said (subject text, reference text, house text, state text, amount bigint,
                                                     since timestamptz)
        ORDER BY subject, reference, house
       ON CONFLICT (subject, reference, house) DO UPDATE
         SET state = CASE excluded.state WHEN 'placed' THEN word.state ELSE excluded.state END,
             amount = coalesce(excluded.amount, word.amount),
             since = least(word.since, excluded.since)`,
      [JSON.stringify(words)],
    );
  }
}
