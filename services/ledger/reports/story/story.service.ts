import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { Problem } from '#libs/http';
import { AccountRepository } from '../../books/accounts/account.repository.ts';
import { readAbout } from '../../books/accounts/maker-seat.repository.ts';
import { lastDayOf } from '../../books/calendar/month.ts';
import { postingDate } from '../../books/calendar/period.ts';
import { kindOf } from '../../books/journals/kind.ts';
import { plainWords } from './plain-words.ts';
import type { StoryView } from './story.dto.ts';
import { storyOf } from './story.repository.ts';

const LINES_MAX = 5_000;

/** Tells a maker what moved his or her money, in plain words. */
@Injectable()
export class StoryService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
  ) {}

  /** @param month default: this one @returns undefined: the books know no such maker */
  async tell(
    makerId: string,
    month = postingDate(new Date().toISOString()).slice(0, 7),
  ): Promise<StoryView | undefined> {
    const owner = `maker:${makerId}`;
    return readAbout(this.database, owner, async () => {
      const balances = await this.accounts.balancesOf(owner);
      if (!balances) return undefined;
      const days = { from: `${month}-01`, to: lastDayOf(month) };
      const entries = await storyOf((sql, values) => this.database.query(sql, values), makerId, days, LINES_MAX + 1);
      if (entries.length > LINES_MAX) throw new Problem({ status: 422, title: `More than ${LINES_MAX} lines` });
      const items = entries.map((entry) => {
        const { postedOn, amount, account, version, line, refunded } = entry;
        const units = refunded ?? (line?.quantity || null);
        const plain = { id: plainWords(entry, makerId, 'id'), en: plainWords(entry, makerId, 'en') };
        return { postedOn, kind: kindOf(entry), sku: line?.sku ?? null, units, amount, account, version, plain };
      });
      return { makerId, month, balances: { ...balances, currency: 'IDR' }, items };
    });
  }
}
