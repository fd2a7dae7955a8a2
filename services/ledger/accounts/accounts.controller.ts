import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { decodeCursor, notFound, pageOf } from '#libs/http';
import {
  AccountPage,
  AccountQuery,
  AccountView,
  StatementQuery,
  StatementView,
  TrialBalanceView,
} from './account.dto.ts';
import { AccountRepository } from './account.repository.ts';
import { StatementService } from './statement.service.ts';

@ApiTags('accounts')
@Controller('v1')
export class AccountsController {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly statements: StatementService,
  ) {}

  @Get('accounts')
  @ApiOkResponse({ type: AccountPage })
  async list(@Query() { owner, facilityId, cursor, limit }: AccountQuery): Promise<AccountPage> {
    const accounts = await this.accounts.list({
      owner,
      facilityId,
      after: decodeCursor(cursor) ?? '',
      limit: limit + 1,
    });
    return pageOf(accounts, limit, ({ code }) => code);
  }

  @Get('accounts/:code')
  @ApiOkResponse({ type: AccountView })
  @ApiNotFoundResponse({ description: 'no journal has used this account' })
  async get(@Param('code') code: string): Promise<AccountView> {
    const account = await this.accounts.find(code);
    if (!account) throw notFound('Account', code);
    return account;
  }

  @Get('accounts/:code/statement')
  @ApiOkResponse({ type: StatementView })
  @ApiNotFoundResponse({ description: 'no journal has used this account' })
  async statement(@Param('code') code: string, @Query() query: StatementQuery): Promise<StatementView> {
    const statement = await this.statements.statementOf(code, query);
    if (!statement) throw notFound('Account', code);
    return statement;
  }

  /** All balances, added up by what they are for. The total is 0, or the books are broken. */
  @Get('trial-balance')
  @ApiOkResponse({ type: TrialBalanceView })
  async trialBalance(): Promise<TrialBalanceView> {
    const rows = await this.accounts.trialBalance();
    const total = (column: 'debit' | 'credit') => rows.reduce((sum, row) => sum + row[column], 0);
    const [debit, credit] = [total('debit'), total('credit')];
    return { currency: 'IDR', rows, debit, credit, total: debit - credit };
  }
}
