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
  facilityId?: string;

  @Parameter(StoredText, { optional: true, description: 'only in the books of facilities of this region' })
  region?: string;

  @Parameter(oneOf(OWNER_KINDS), { optional: true, description: 'only on accounts of such owners' })
  ownerKind?: string;

  @Parameter(StoredText, { optional: true, description: 'only on this account', example: 'maker:M1:wages' })
  account?: string;

  @Parameter(oneOf(STORED_KINDS), {
    optional: true,
    description: 'only of such journals; `adjustment` and `custody` are what older ones are called',
  })
  kind?: StoredKind;

  @Parameter(StoredText, { optional: true, description: 'only what this agreement shared', example: 'ID-1990' })
  agreement?: string;

  @Parameter(StoredText, {
    optional: true,
    description: 'only of this sale: what sold, refunded, settled and released it',
    example: 'blanja/1001@F1',
  })
  saleId?: string;

  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: until now' })
  to?: string;

  @Parameter(oneOf(ORDERS), {
    optional: true,
    default: 'asc',
    description: 'of one account in the order of its statement, of several by day of posting',
  })
  order: (typeof ORDERS)[number] = 'asc';

  @Parameter(oneOf(FORMATS), {
    optional: true,
    default: 'json',
    description: 'as CSV and XLSX all of them, not a page',
  })
  format: (typeof FORMATS)[number] = 'json';

  @Parameter(oneOf(LANGUAGES), { optional: true, default: 'id', description: 'of the headings of CSV and XLSX' })
  language: Language = 'id';
}

class ListedEntryView extends OmitType(StatementLineView, ['balance']) {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'of the account after it; null: of a maker who is not where whoever asks is',
  })
  balance!: number | null;

  @ApiProperty({ description: 'it came when its month was closed, and counts for a later one' })
  late!: boolean;
}

export class EntryListView {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'of one account: what it held in these books before the first day; null: it is not asked for all of one',
  })
  opening!: number | null;

  @ApiProperty({ type: [ListedEntryView] })
  items!: ListedEntryView[];

  @ApiProperty({ description: 'how many there are on all pages; 5001: more than 5,000' })
  count!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'of all pages together; null: there are more than 5,000',
  })
  debit!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'of all pages together, positive' })
  credit!: number | null;

  @ApiPropertyOptional()
  nextCursor?: string;

  @ApiPropertyOptional()
  prevCursor?: string;
}
