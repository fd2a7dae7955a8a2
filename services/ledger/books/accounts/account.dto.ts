import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Instant, LocalDate, StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

const asOf = Parameter(Instant, {
  optional: true,
  description: 'with what was recorded until this instant; default: now',
});

export class AsOfQuery {
  @asOf
  asOf?: string;
}

export class AccountQuery extends PageQuery {
  @asOf
  asOf?: string;

  @Parameter(StoredText, { optional: true, description: 'only accounts of this owner', example: 'maker:M1' })
  owner?: string;

  @Parameter(StoredText, {
    optional: true,
    description: 'only accounts in the books of this facility; a maker’s are in none',
  })
  facilityId?: string;
}

export class AccountView {
  @ApiProperty({ example: 'maker:M1:wages-pending' })
  code!: string;

  @ApiProperty({ enum: ['asset', 'liability'] })
  class!: 'asset' | 'liability';

  @ApiProperty({ example: 'maker:M1' })
  owner!: string;

  @ApiProperty({ example: 'wages-pending' })
  purpose!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'whose books it belongs to; null: a maker’s account' })
  facilityId!: string | null;

  @ApiProperty({ description: 'whole rupiah (IDR): debit positive, credit (owed to the owner) negative' })
  balance!: number;

  @ApiProperty({ description: 'number of entries' })
  entries!: number;
}

export class OwnerBalancesView {
  @ApiProperty({ example: 'maker:M1' })
  owner!: string;

  @ApiProperty({ enum: ['IDR'] })
  currency!: 'IDR';

  @ApiProperty({ description: 'of sales that are not released' })
  pending!: number;

  @ApiProperty({ description: 'can be paid out' })
  available!: number;

  @ApiProperty({ description: 'in a payout that is not finished' })
  reserved!: number;

  @ApiProperty({ description: 'locked until release' })
  savings!: number;

  @ApiProperty({ description: 'owed by the owner: of a maker, what refunds took back after it was paid out' })
  receivable!: number;

  @ApiProperty({ description: 'pending + available + reserved + savings - receivable' })
  total!: number;
}

export class AccountPage {
  @ApiProperty({ type: [AccountView] })
  items!: AccountView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class StatementQuery extends PageQuery {
  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: until now' })
  to?: string;
}

export class StatementLineView {
  @ApiProperty({ example: 'maker:M1:wages-pending' })
  account!: string;

  @ApiProperty({ description: 'n-th entry of the account' })
  version!: number;

  @ApiProperty({ format: 'date', description: 'day in Asia/Jakarta' })
  postedOn!: string;

  @ApiProperty({ format: 'date-time' })
  occurredAt!: Date;

  @ApiProperty({ format: 'uuid' })
  journalId!: string;

  @ApiProperty({ example: 'sale' })
  kind!: string;

  @ApiProperty({ description: 'sale id, refund id, ...', example: 'blanja/1001@F1' })
  sourceReference!: string;

  @ApiProperty({ description: 'whose books the journal belongs to' })
  facilityId!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'order line' })
  lineRef!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'the maker’s own step that moved it' })
  step!: string | null;

  @ApiProperty({ description: 'debit positive, credit negative' })
  amount!: number;

  @ApiProperty({ description: 'of the account, after this line of the statement' })
  balance!: number;
}

export class StatementView {
  @ApiProperty()
  account!: string;

  @ApiProperty({ enum: ['IDR'] })
  currency!: 'IDR';

  @ApiProperty({ description: 'balance before the first day' })
  opening!: number;

  @ApiProperty({ description: 'balance after the last day: opening and all lines of all pages' })
  closing!: number;

  @ApiProperty({ type: [StatementLineView], description: 'in the order of recording' })
  items!: StatementLineView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

class AccountPeriodView {
  @ApiProperty()
  account!: string;

  @ApiProperty()
  opening!: number;

  @ApiProperty()
  closing!: number;
}

export class OwnerStatementView {
  @ApiProperty({ example: 'maker:M1' })
  owner!: string;

  @ApiProperty({ enum: ['IDR'] })
  currency!: 'IDR';

  @ApiProperty({ description: 'of all accounts, before the first day' })
  opening!: number;

  @ApiProperty({ description: 'of all accounts, after the last day' })
  closing!: number;

  @ApiProperty({ type: [AccountPeriodView], description: 'in the order of their lines' })
  accounts!: AccountPeriodView[];

  @ApiProperty({ type: [StatementLineView], description: 'by account, then in the order of recording' })
  items!: StatementLineView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class TrialBalanceQuery extends AsOfQuery {
  @Parameter(LocalDate, { optional: true, description: 'with what was posted until the end of this day' })
  on?: string;
}

class TrialBalanceRowView {
  @ApiProperty({ enum: ['asset', 'liability'] })
  class!: 'asset' | 'liability';

  @ApiProperty({ example: 'maker' })
  ownerKind!: string;

  @ApiProperty({ example: 'wages-pending' })
  purpose!: string;

  @ApiProperty({ description: 'how many accounts' })
  accounts!: number;

  @ApiProperty({ description: 'sum of their debit balances' })
  debit!: number;

  @ApiProperty({ description: 'sum of their credit balances' })
  credit!: number;
}

export class TrialBalanceView {
  @ApiProperty({ enum: ['IDR'] })
  currency!: 'IDR';

  @ApiProperty({ type: [TrialBalanceRowView] })
  rows!: TrialBalanceRowView[];

  @ApiProperty()
  debit!: number;

  @ApiProperty()
  credit!: number;

  @ApiProperty({ description: 'debit less credit: 0, or the books are broken' })
  total!: number;
}
