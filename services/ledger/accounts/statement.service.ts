import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { decodeCursor, pageOf } from '#libs/http';
import { inSnapshot } from '../snapshot.ts';
import type { StatementQuery, StatementView } from './account.dto.ts';
import { AccountRepository } from './account.repository.ts';

@Injectable()
export class StatementService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
  ) {}

  /**
   * What moved an account over a period of posting dates, with its balance before, in between and after. A page's
   * cursor carries the balance, so that a page costs no more than its lines.
   */
  async statementOf(account: string, query: StatementQuery): Promise<StatementView | undefined> {
    const { from, to, limit } = query;
    return inSnapshot(this.database, async (snapshot) => {
      const balances = await this.accounts.balancesAround(snapshot, account, { from, to });
      if (!balances) return undefined;
      const [after = 0, carried = balances.opening] = decodeCursor(query.cursor)?.split(' ').map(Number) ?? [];
      const lines = await this.accounts.statementLines(snapshot, account, { from, to, after, limit: limit + 1 });
      let balance = carried;
      const withBalance = lines.map((line) => {
        balance += line.amount;
        return { ...line, balance };
      });
      const page = pageOf(withBalance, limit, (line) => `${line.version} ${line.balance}`);
      return { account, currency: 'IDR' as const, ...balances, ...page };
    });
  }
}
