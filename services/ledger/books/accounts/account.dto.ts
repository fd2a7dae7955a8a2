import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Instant, LocalDate, StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

const asOf = Parameter(Instant, {
  optional: true,
  description: 'with what was recorded until this instant; default: now',
});

export class AsOfQuery {
  @asOf
  readonly asOf?: string;
}

export class AccountQuery extends PageQuery {
  @asOf
  readonly asOf?: string;

  @Parameter(StoredText, { optional: true, description: 'only accounts of this owner', example: 'maker:M1' })
  readonly owner?: string;

  @Parameter(StoredText, {
    optional: true,
    description: 'only accounts in the books of this facility; a maker’s are in none',
  })
  readonly facilityId?: string;
}

export class AccountView {
  @ApiProperty({ example: 'maker:M1:wages-pending' })
  readonly code!: string;

  @ApiProperty({ enum: ['asset', 'liability'] })
  readonly class!: 'asset' | 'liability';

  @ApiProperty({ example: 'maker:M1' })
  readonly owner!: string;

  @ApiProperty({ example: 'wages-pending' })
  readonly purpose!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'whose books it belongs to; null: a maker’s account' })
  readonly facilityId!: string | null;

  @ApiProperty({ description: 'whole rupiah (IDR): debit positive, credit (owed to the owner) negative' })
  readonly balance!: number;

  @ApiProperty({ description: 'number of entries' })
  readonly entries!: number;
}

export class OwnerBalancesView {
  @ApiProperty({ example: 'maker:M1' })
  readonly owner!: string;

  @ApiProperty({ enum: ['IDR'] })
  readonly currency!: 'IDR';

  @ApiProperty({ description: 'of sales that are not released' })
  readonly pending!: number;

  @ApiProperty({ description: 'can be paid out' })
  readonly available!: number;

  @ApiProperty({ description: 'in a payout that is not finished' })
  readonly reserved!: number;

  @ApiProperty({ description: 'locked until release' })
  readonly savings!: number;

  @ApiProperty({ description: 'owed by the owner: of a maker, what refunds took back after it was paid out' })
  readonly receivable!: number;

  @ApiProperty({ description: 'pending + available + reserved + savings - receivable' })
  readonly total!: number;
}

export class AccountPage {
  @ApiProperty({ type: [AccountView] })
  readonly items!: AccountView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class StatementQuery extends PageQuery {
  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  readonly from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: until now' })
  readonly to?: string;
}

export class StatementLineView {
  @ApiProperty({ example: 'maker:M1:wages-pending' })
  readonly account!: string;

  @ApiProperty({ description: 'n-th entry of the account' })
  readonly version!: number;

  @ApiProperty({ format: 'date', description: 'day in Asia/Jakarta' })
  readonly postedOn!: string;

  @ApiProperty({ format: 'date-time' })
  readonly occurredAt!: Date;

  @ApiProperty({ format: 'uuid' })
  readonly journalId!: string;

  @ApiProperty({ example: 'sale' })
  readonly kind!: string;

  @ApiProperty({ description: 'sale id, refund id, ...', example: 'blanja/1001@F1' })
  readonly sourceReference!: string;

  @ApiProperty({ description: 'whose books the journal belongs to' })
  readonly facilityId!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'order line' })
  readonly lineRef!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'the maker’s own step that moved it' })
  readonly step!: string | null;

  @ApiProperty({ description: 'debit positive, credit negative' })
  readonly amount!: number;

  @ApiProperty({ description: 'of the account, after this line of the statement' })
  readonly balance!: number;
}

export class StatementView {
  @ApiProperty()
  readonly account!: string;

  @ApiProperty({ enum: ['IDR'] })
  readonly currency!: 'IDR';

  @ApiProperty({ description: 'balance before the first day' })
  readonly opening!: number;

  @ApiProperty({ description: 'balance after the last day: opening and all lines of all pages' })
  readonly closing!: number;

  @ApiProperty({ type: [StatementLineView], description: 'in the order of recording' })
  readonly items!: StatementLineView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

class AccountPeriodView {
  @ApiProperty()
  readonly account!: string;

  @ApiProperty()
  readonly opening!: number;

  @ApiProperty()
  readonly closing!: number;
}

export class OwnerStatementView {
  @ApiProperty({ example: 'maker:M1' })
  readonly owner!: string;

  @ApiProperty({ enum: ['IDR'] })
  readonly currency!: 'IDR';

  @ApiProperty({ description: 'of all accounts, before the first day' })
  readonly opening!: number;

  @ApiProperty({ description: 'of all accounts, after the last day' })
  readonly closing!: number;

  @ApiProperty({ type: [AccountPeriodView], description: 'in the order of their lines' })
  readonly accounts!: AccountPeriodView[];

  @ApiProperty({ type: [StatementLineView], description: 'by account, then in the order of recording' })
  readonly items!: StatementLineView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class TrialBalanceQuery extends AsOfQuery {
  @Parameter(LocalDate, { optional: true, description: 'with what was posted until the end of this day' })
  readonly on?: string;
}

class TrialBalanceRowView {
  @ApiProperty({ enum: ['asset', 'liability'] })
  readonly class!: 'asset' | 'liability';

  @ApiProperty({ example: 'maker' })
  readonly ownerKind!: string;

  @ApiProperty({ example: 'wages-pending' })
  readonly purpose!: string;

  @ApiProperty({ description: 'how many accounts' })
  readonly accounts!: number;

  @ApiProperty({ description: 'sum of their debit balances' })
  readonly debit!: number;

  @ApiProperty({ description: 'sum of their credit balances' })
  readonly credit!: number;
}

export class TrialBalanceView {
  @ApiProperty({ enum: ['IDR'] })
  readonly currency!: 'IDR';

  @ApiProperty({ type: [TrialBalanceRowView] })
  readonly rows!: TrialBalanceRowView[];

  @ApiProperty()
  readonly debit!: number;

  @ApiProperty()
  readonly credit!: number;

  @ApiProperty({ description: 'debit less credit: 0, or the books are broken' })
  readonly total!: number;
}
