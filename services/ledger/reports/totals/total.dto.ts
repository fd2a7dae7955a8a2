import { ApiProperty } from '@nestjs/swagger';
import { LocalDate, oneOf, StoredText, whole } from '#libs/contracts';
import { Parameter } from '#libs/http';
import type { TotalKey } from './total.repository.ts';

const KEYS: readonly TotalKey[] = ['day', 'month', 'facility', 'region', 'sku', 'maker', 'channel'];
const ORDERS = ['key', 'amount'] as const;
const LIMIT_MAX = 1_000;

export class TotalQuery {
  @Parameter(oneOf(KEYS), { description: 'what there is an item for' })
  readonly by!: TotalKey;

  @Parameter(StoredText, { optional: true, description: 'only in the books of this facility' })
  readonly facilityId?: string;

  @Parameter(StoredText, { optional: true, description: 'only in the books of facilities of this region' })
  readonly region?: string;

  @Parameter(LocalDate, { optional: true, description: 'first posting date; default: from the beginning' })
  readonly from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last posting date; default: until now' })
  readonly to?: string;

  @Parameter(oneOf(ORDERS), {
    optional: true,
    default: 'key',
    description: 'or the largest first: by what was sold, of makers by what they got',
  })
  readonly order: (typeof ORDERS)[number] = 'key';

  @Parameter(whole({ min: 1, max: LIMIT_MAX, description: 'how many items' }), { optional: true, default: LIMIT_MAX })
  readonly limit: number = LIMIT_MAX;
}

const money = (description?: string) => ApiProperty({ type: 'integer', ...(description && { description }) });
const ofGoods = (description?: string) =>
  ApiProperty({ type: 'integer', nullable: true, ...(description && { description }) });

class SumsView {
  @money('how many sales; of goods and makers those that they are in')
  readonly sales!: number;

  @ofGoods('sold. Null, as all that are: of a maker, whose alone it is not')
  readonly units!: number | null;

  @ofGoods('whole rupiah, what buyers paid: all that follow together, and what was refunded')
  readonly sold!: number | null;

  @ofGoods('what refunds took back')
  readonly refunded!: number | null;

  @ofGoods('as all that follow: credited by sales less taken back by refunds, whatever became of it later')
  readonly fees!: number | null;

  @ofGoods()
  readonly shipping!: number | null;

  @ofGoods()
  readonly tax!: number | null;

  @ofGoods('production cost')
  readonly cost!: number | null;

  @money()
  readonly makers!: number;

  @ofGoods('the facility’s share, less what it bears')
  readonly facility!: number | null;

  @ofGoods('PNBP')
  readonly state!: number | null;

  @ofGoods()
  readonly beneficiaries!: number | null;

  @ofGoods('of lots that nobody is recorded for')
  readonly suspense!: number | null;
}

class TotalView extends SumsView {
  @ApiProperty({
    type: 'string',
    nullable: true,
    example: '2026-11',
    description: 'null: of facilities whose region nobody told',
  })
  readonly key!: string | null;
}

export class TotalsView {
  @ApiProperty({ type: [TotalView] })
  readonly items!: TotalView[];

  @ApiProperty({ description: 'how many items there are; no more than `limit` are answered' })
  readonly count!: number;

  @ApiProperty({ type: SumsView, description: 'of all items, and of those that are not answered' })
  readonly totals!: SumsView;

  @ApiProperty({ format: 'date-time', description: 'all that was recorded before is in; later sales may be' })
  readonly asOf!: Date;
}
