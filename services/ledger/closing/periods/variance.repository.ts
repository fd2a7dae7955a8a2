import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Variance } from '../../decisions/closes/variance.ts';

@Injectable()
export class VarianceRepository {
  /** What is left on variance accounts at the end of this day, by facility and account; earlier closes took the rest. */
  until(transaction: Transaction, lastDay: string): Promise<Variance[]> {
    return transaction.query(
      `SELECT account.facility_id AS "facilityId", code AS account, sum(held.balance)::bigint AS balance
         FROM account CROSS JOIN LATERAL balances_on(account_id, $1) AS held
        WHERE purpose = 'variance'
        GROUP BY account_id HAVING sum(held.balance) <> 0
        ORDER BY account.facility_id, code`,
      [lastDay],
    );
  }
}
