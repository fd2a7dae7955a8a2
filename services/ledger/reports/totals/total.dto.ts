import { ApiProperty } from '@nestjs/swagger';
import { LocalDate, oneOf, StoredText, whole } from '#libs/contracts';
import { Parameter } from '#libs/http';
import type { TotalKey } from './total.repository.ts';

const KEYS: readonly TotalKey[] = ['day', 'month', 'facility', 'region', 'sku', 'maker', 'channel'];
const ORDERS = ['key', 'amount'] as const;
const LIMIT_MAX = 1_000;

export class TotalQuery {
  @Parameter(oneOf(KEYS), { description: 'what there is an item for' })
  by!: TotalKey;

  @Parameter(StoredText, { optional: true, description: 'only in the books of this facility' })
  facilityId?: string;

  @Parameter(StoredText, { optional: true, description: 'only in the books of facilities of this region' })
  region?: string;

  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: until now' })
  to?: string;

  @Parameter(oneOf(ORDERS), {
    optional: true,
    default: 'key',
    description: 'or the largest first: by what was sold, of makers by what they got',
  })
  order: (typeof ORDERS)[number] = 'key';

  @Parameter(whole({ min: 1, max: LIMIT_MAX, description: 'how many items' }), { optional: true, default: LIMIT_MAX })
  limit: number = LIMIT_MAX;
}

const money = (description?: string) => ApiProperty({ type: 'integer', ...(description && { description }) });
const ofGoods = (description?: string) =>
  ApiProperty({ type: 'integer', nullable: true, ...(description && { description }) });

class SumsView {
  @money('how many sales; of goods and makers those that they are in')
  sales!: number;

  @ofGoods('sold. Null, as all that are: of a maker, whose alone it is not')
  units!: number | null;

  @ofGoods('whole rupiah, what buyers paid: all that follow together, and what was refunded')
  sold!: number | null;

  @ofGoods('what refunds took back')
  refunded!: number | null;

  @ofGoods('as all that follow: credited by sales less taken back by refunds, whatever became of it later')
  fees!: number | null;

  @ofGoods()
  shipping!: number | null;

  @ofGoods()
  tax!: number | null;

  @ofGoods('production cost')
  cost!: number | null;

  @money()
  makers!: number;

  @ofGoods('the facility’s share, less what it bears')
  facility!: number | null;

  @ofGoods('PNBP')
  state!: number | null;

  @ofGoods()
  beneficiaries!: number | null;

  @ofGoods('of lots that nobody is recorded for')
  suspense!: number | null;
}

class TotalView extends SumsView {
  @ApiProperty({
    type: 'string',
    nullable: true,
    example: '2026-11',
    description: 'null: of facilities whose region nobody told',
  })
  key!: string | null;
}

export class TotalsView {
  @ApiProperty({ type: [TotalView] })
  items!: TotalView[];

  @ApiProperty({ description: 'how many items there are; no more than `limit` are answered' })
  count!: number;

  @ApiProperty({ type: SumsView, description: 'of all items, and of those that are not answered' })
  totals!: SumsView;

  @ApiProperty({ format: 'date-time', description: 'all that was recorded before is in; later sales may be' })
  asOf!: Date;
}
