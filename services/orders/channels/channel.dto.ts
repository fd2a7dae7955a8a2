import { ApiProperty } from '@nestjs/swagger';
import { ChannelId, FeeClass, Flag, Instant, Money, Ordinal, oneOf, WebAddress, whole, words } from '#libs/contracts';
import { DecidedView, type Decision } from '#libs/decisions';
import { Nested, NestedList, Value, ValueByName } from '#libs/http';
import { CHANNEL_KINDS, type Channel, type PaymentMethod } from './channel.repository.ts';
import type { Fee, RatesByClass, Terms, TermsInForce, Tolerance } from './terms.ts';

const FEES_MAX = 20;
const BasisPoints = whole({ min: 0, max: 10_000, description: 'basis points: 100 is one percent' });
const Days = whole({ min: 0, max: 365, description: 'days' });

export class ChannelDto implements Channel {
  @Value(ChannelId, { example: 'blanja' })
  readonly channelId!: string;

  @Value(words(100, 'name, as people say it'), { example: 'Blanja' })
  readonly name!: string;

  @Value(oneOf(CHANNEL_KINDS), { description: 'shop: one of our own, whose money is still to be captured' })
  readonly kind!: Channel['kind'];
}

class FeeDto implements Fee {
  @Value(words(60, 'name, as the channel says it'), { example: 'admin' })
  readonly name!: string;

  @ValueByName(FeeClass, BasisPoints, {
    optional: true,
    example: { A: 800, B: 575, '*': 425 },
    description:
      'of what all lines cost, rounded half up; or by class of goods, each charged by itself: * is every other class, which without it is not charged',
  })
  readonly bp?: number | RatesByClass;

  @Value(Money, { optional: true, description: 'whole rupiah an order, or a class of it, beside that' })
  readonly fixed?: number;

  @Value(Money, { optional: true, description: 'whole rupiah that both come to at least' })
  readonly min?: number;

  @Value(Money, { optional: true, description: 'whole rupiah that both come to at most' })
  readonly max?: number;

  @Value(BasisPoints, { optional: true, description: 'value added tax of the fee itself, rounded half up' })
  readonly vatBp?: number;
}

class ToleranceDto implements Tolerance {
  @Value(BasisPoints, { description: 'of the price of an order, rounded down' })
  readonly bp!: number;

  @Value(Money, { description: 'whole rupiah an order, at most' })
  readonly most!: number;
}

const SHIPPING_BORNE_BY = ['seller', 'platform', 'buyer'] as const;

class TermsDto implements Terms {
  @Value(BasisPoints, { description: 'of a discount, what the seller bears; the rest the channel owes us' })
  readonly sellersPartOfDiscountBp!: number;

  @Value(oneOf(SHIPPING_BORNE_BY), { description: 'who bears what shipping costs' })
  readonly shippingBorneBy!: Terms['shippingBorneBy'];

  @NestedList(FeeDto, {
    min: 0,
    max: FEES_MAX,
    description: 'what it takes of an order whose checkout does not say it',
  })
  readonly fees!: FeeDto[];

  @Nested(ToleranceDto, {
    optional: true,
    description:
      'what the settlement of an order may differ by from its price, or from that less its fees; without: nothing',
  })
  readonly tolerance?: ToleranceDto;

  @Value(Days, {
    optional: true,
    description: 'after the order until its money is available; without: when the channel reports settlement',
  })
  readonly returnWindowDays?: number;

  @Value(Days, {
    optional: true,
    description: 'after the order until it is to have paid it out: then it is listed as unsettled; without: 14 days',
  })
  readonly settlesWithinDays?: number;

  @Value(WebAddress, {
    optional: true,
    example: 'https://pasar.example/pasindo',
    description: 'where it is told by signed webhook what becomes of its orders: https, and public',
  })
  readonly outcomesTo?: string;

  @Value(Flag, { optional: true, description: 'its marketplace may try us: `npm run conformance`' })
  readonly sandbox?: boolean;
}

export class TermsDraftDto extends TermsDto {
  @Value(Ordinal, { description: 'n-th version of the terms of this channel' })
  readonly version!: number;

  @Value(Instant, { description: 'first instant at which orders are placed under it' })
  readonly effectiveFrom!: string;
}

class TermsInForceView implements TermsInForce {
  @ApiProperty({ type: 'integer' })
  readonly version!: number;

  @ApiProperty({ format: 'date-time' })
  readonly effectiveFrom!: Date;

  @ApiProperty({ type: TermsDto })
  readonly terms!: Terms;
}

export class ChannelView extends ChannelDto {
  @ApiProperty({ enum: ['escrow', 'gateway'], description: 'escrow: the channel holds the money when it tells us' })
  readonly payment!: PaymentMethod;

  @ApiProperty({
    type: TermsInForceView,
    nullable: true,
    description: 'which orders placed now are under; null: none are approved, and nothing is taken from it',
  })
  readonly terms!: TermsInForce | null;
}

export class TermsView extends DecidedView implements TermsInForce {
  @ApiProperty({ type: 'integer' })
  readonly version!: number;

  @ApiProperty({ enum: ['draft', 'approved', 'rejected', 'withdrawn'] })
  readonly status!: Decision['status'];

  @ApiProperty({ format: 'date-time', description: 'until the next approved version begins' })
  readonly effectiveFrom!: Date;

  @ApiProperty({ type: TermsDto })
  readonly terms!: Terms;
}
