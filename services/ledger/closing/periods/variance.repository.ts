import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Variance } from '../../decisions/closes/variance.ts';

@Injectable()
export class VarianceRepository {
  /** What is left on variance accounts at the end of this day, by facility and account; earlier closes took the rest. */
  until(transaction: Transaction, lastDay: string): Promise<Variance[]> {
    return transaction.query(
      `SELECT account.facility_id AS "facilityId", code AS account, sum(amount)::bigint AS balance
         FROM account JOIN entry USING (account_id)
        WHERE purpose = 'variance' AND posted_on <= $1
        GROUP BY account_id HAVING sum(amount) <> 0
        ORDER BY account.facility_id, code`,
      [lastDay],
    );
  }
}
