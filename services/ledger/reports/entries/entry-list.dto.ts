import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { LocalDate, oneOf, StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';
import { StatementLineView } from '../../books/accounts/account.dto.ts';
import { OWNER_KINDS } from '../../books/accounts/account.ts';
import { STORED_KINDS, type StoredKind } from '../../books/journals/kind.ts';
import type { Language } from '../reports/report.ts';

const FORMATS = ['json', 'csv', 'xlsx'] as const;
const ORDERS = ['asc', 'desc'] as const;
const LANGUAGES: readonly Language[] = ['id', 'en'];

export class EntryListQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, description: 'only in the books of this facility' })
  readonly facilityId?: string;

  @Parameter(StoredText, { optional: true, description: 'only in the books of facilities of this region' })
  readonly region?: string;

  @Parameter(oneOf(OWNER_KINDS), { optional: true, description: 'only on accounts of such owners' })
  readonly ownerKind?: string;

  @Parameter(StoredText, { optional: true, description: 'only on this account', example: 'maker:M1:wages' })
  readonly account?: string;

  @Parameter(oneOf(STORED_KINDS), {
    optional: true,
    description: 'only of such journals; `adjustment` and `custody` are what older ones are called',
  })
  readonly kind?: StoredKind;

  @Parameter(StoredText, { optional: true, description: 'only what this agreement shared', example: 'ID-1990' })
  readonly agreement?: string;

  @Parameter(StoredText, {
    optional: true,
    description: 'only of this sale: what sold, refunded, settled and released it',
    example: 'blanja/1001@F1',
  })
  readonly saleId?: string;

  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  readonly from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: until now' })
  readonly to?: string;

  @Parameter(oneOf(ORDERS), {
    optional: true,
    default: 'asc',
    description: 'of one account in the order of its statement, of several by day of posting',
  })
  readonly order: (typeof ORDERS)[number] = 'asc';

  @Parameter(oneOf(FORMATS), {
    optional: true,
    default: 'json',
    description: 'as CSV and XLSX all of them, not a page',
  })
  readonly format: (typeof FORMATS)[number] = 'json';

  @Parameter(oneOf(LANGUAGES), { optional: true, default: 'id', description: 'of the headings of CSV and XLSX' })
  readonly language: Language = 'id';
}

class ListedEntryView extends OmitType(StatementLineView, ['balance']) {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'of the account after it; null: of a maker who is not where whoever asks is',
  })
  readonly balance!: number | null;

  @ApiProperty({ description: 'it came when its month was closed, and counts for a later one' })
  readonly late!: boolean;
}

export class EntryListView {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'of one account: what it held in these books before the first day; null: it is not asked for all of one',
  })
  readonly opening!: number | null;

  @ApiProperty({ type: [ListedEntryView] })
  readonly items!: ListedEntryView[];

  @ApiProperty({ description: 'how many there are on all pages; 5001: more than 5,000' })
  readonly count!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'of all pages together; null: there are more than 5,000',
  })
  readonly debit!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'of all pages together, positive' })
  readonly credit!: number | null;

  @ApiPropertyOptional()
  readonly nextCursor?: string;

  @ApiPropertyOptional()
  readonly prevCursor?: string;
}
