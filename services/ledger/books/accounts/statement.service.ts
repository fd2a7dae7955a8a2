import { Injectable } from '@nestjs/common';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Database } from '#libs/database';
import { decodeCursor, jsonPosition, pageOf } from '#libs/http';
import { inSnapshot } from '../snapshot.repository.ts';
import type { StatementQuery } from './account.dto.ts';
import { type AccountPeriod, AccountRepository, type StatementLine } from './account.repository.ts';
import { readAbout } from './maker-seat.repository.ts';

/** A statement of one or several accounts, one after the other; each line with its account's balance after it. */
export interface Statement {
  readonly accounts: readonly AccountPeriod[];
  readonly items: (Omit<StatementLine, 'position'> & { readonly balance: number })[];
  readonly nextCursor?: string;
}

const whole = (minimum: number) => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER });
const amount = whole(Number.MIN_SAFE_INTEGER);

/** All that a page needs to go on: what the first one saw, and how far the last one came. */
const Position = Type.Object({
  accounts: Type.Array(Type.Object({ account: Type.String(), bound: whole(0), opening: amount, closing: amount })),
  position: whole(0),
  version: whole(0),
  balance: amount,
});
type Position = Static<typeof Position>;

const positions = Compile(Position);
const PositionText = jsonPosition((value) => positions.Check(value));

@Injectable()
export class StatementService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
  ) {}

  /**
   * What moved an account, or all of an owner, over a period of posting dates, with balances before, in between and
   * after. All pages tell of the moment of the first: its cursor carries the balances and the last entry of each account,
   * so lines add up to the closing balance whatever is posted meanwhile, and a page costs no more than its lines.
   * @returns undefined if there is no such account
   */
  statementOf(of: { account: string } | { owner: string }, query: StatementQuery): Promise<Statement | undefined> {
    return readAbout(this.database, 'account' in of ? of.account : of.owner, () => this.#statementOf(of, query));
  }

  async #statementOf(
    of: { account: string } | { owner: string },
    query: StatementQuery,
  ): Promise<Statement | undefined> {
    const { from, to, limit } = query;
    return inSnapshot(this.database, async (snapshot) => {
      const start = positionAt(query.cursor) ?? firstOf(await this.accounts.periods(snapshot, of, { from, to }));
      if (!start) return undefined;
      const { accounts, position, version } = start;
      const page = { from, to, position, version, limit: limit + 1 };
      const lines = await this.accounts.statementLines(snapshot, accounts, page);
      let last: Omit<Position, 'accounts' | 'version'> = start;
      const withBalance = lines.map((line) => {
        const before = line.position === last.position ? last.balance : (accounts[line.position]?.opening ?? 0);
        last = { position: line.position, balance: before + line.amount };
        return { ...line, balance: last.balance };
      });
      const { items, ...more } = pageOf(withBalance, limit, ({ position, version, balance }) =>
        JSON.stringify({ accounts, position, version, balance } satisfies Position),
      );
      return { accounts, items: items.map(({ position: _, ...line }) => line), ...more };
    });
  }
}

function firstOf(accounts: AccountPeriod[]): Position | undefined {
  const [first] = accounts;
  return first && { accounts, position: 0, version: 0, balance: first.opening };
}

function positionAt(cursor: string | undefined): Position | undefined {
  const text = decodeCursor(cursor, PositionText);
  return text === undefined ? undefined : (JSON.parse(text) as Position);
}
