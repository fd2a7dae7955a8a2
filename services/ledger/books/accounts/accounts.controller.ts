import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { list, param, row } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { decodeCursor, notFound, PathValue, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import {
  AccountPage,
  AccountQuery,
  AccountView,
  AsOfQuery,
  OwnerBalancesView,
  OwnerStatementView,
  StatementQuery,
  StatementView,
  TrialBalanceQuery,
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

  @Allow('account.list', list)
  @Get('accounts')
  @ApiOkResponse({ type: AccountPage })
  async list(@Query() { asOf, owner, facilityId, cursor, limit }: AccountQuery): Promise<AccountPage> {
    const accounts = await this.accounts.list({
      asOf,
      owner,
      facilityId,
      after: decodeCursor(cursor, StoredText) ?? '',
      limit: limit + 1,
    });
    return pageOf(accounts, limit, ({ code }) => code);
  }

  @Allow('account.read', row)
  @Get('accounts/:code')
  @ApiOkResponse({ type: AccountView })
  @ApiNotFoundResponse({ description: 'no journal has used this account' })
  async get(@PathValue('code', StoredText) code: string, @Query() { asOf }: AsOfQuery): Promise<AccountView> {
    const account = await this.accounts.find(code, asOf);
    if (!account) throw notFound('Account', code);
    return account;
  }

  @Allow('account.read', row)
  @Get('accounts/:code/statement')
  @ApiOkResponse({ type: StatementView })
  @ApiNotFoundResponse({ description: 'no journal has used this account' })
  async statement(@PathValue('code', StoredText) code: string, @Query() query: StatementQuery): Promise<StatementView> {
    const statement = await this.statements.statementOf({ account: code }, query);
    const [account] = statement?.accounts ?? [];
    if (!statement || !account) throw notFound('Account', code);
    const { accounts: _, ...page } = statement;
    return { account: code, currency: 'IDR', opening: account.opening, closing: account.closing, ...page };
  }

  /** All accounts of a maker or facility, one after the other. */
  @Allow('owner.read', row, param('owner'))
  @Get('owners/:owner/statement')
  @ApiOkResponse({ type: OwnerStatementView })
  @ApiNotFoundResponse({ description: 'no journal has used an account of this maker or facility' })
  async ownerStatement(
    @PathValue('owner', StoredText) owner: string,
    @Query() query: StatementQuery,
  ): Promise<OwnerStatementView> {
    // Others have an account per facility: theirs are read one by one.
    const statement = /^(maker|facility):/.test(owner) && (await this.statements.statementOf({ owner }, query));
    if (!statement) throw notFound('Owner', owner);
    const { accounts, ...page } = statement;
    const total = (balance: 'opening' | 'closing') => accounts.reduce((sum, account) => sum + account[balance], 0);
    const [opening, closing] = [total('opening'), total('closing')];
    const balances = accounts.map(({ account, opening, closing }) => ({ account, opening, closing }));
    return { owner, currency: 'IDR', opening, closing, accounts: balances, ...page };
  }

  /** What an owner is owed, by when it can be paid. */
  @Allow('owner.read', row, param('owner'))
  @Get('owners/:owner')
  @ApiOkResponse({ type: OwnerBalancesView })
  @ApiNotFoundResponse({ description: 'no journal has used an account of this owner' })
  async owner(@PathValue('owner', StoredText) owner: string): Promise<OwnerBalancesView> {
    const balances = await this.accounts.balancesOf(owner);
    if (!balances) throw notFound('Owner', owner);
    return { ...balances, currency: 'IDR' };
  }

  /** All balances, added up by what they are for. The total is 0, or the books are broken. */
  @Allow('trial-balance.read', list)
  @Get('trial-balance')
  @ApiOkResponse({ type: TrialBalanceView })
  async trialBalance(@Query() query: TrialBalanceQuery): Promise<TrialBalanceView> {
    const rows = await this.accounts.trialBalance(query);
    const total = (column: 'debit' | 'credit') => rows.reduce((sum, row) => sum + row[column], 0);
    const [debit, credit] = [total('debit'), total('credit')];
    return { currency: 'IDR', rows, debit, credit, total: debit - credit };
  }
}
