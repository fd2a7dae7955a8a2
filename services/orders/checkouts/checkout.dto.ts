import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  CHECKOUT_LINES_MAX,
  ChannelId,
  type Checkout,
  FeeClass,
  LineRef,
  Money,
  OrderRef,
  PastInstant,
  Sku,
  StoreRef,
  Units,
} from '#libs/contracts';
import { NestedList, PageQuery, Parameter, Value } from '#libs/http';
import type { StoredRejection } from './rejected-checkout.repository.ts';

class CheckoutLineDto {
  @Value(LineRef, { example: '1' })
  readonly lineRef!: string;

  @Value(Sku, { example: 'TAS-KULIT-01', description: 'ours, or what a listing of the channel calls it' })
  readonly sku!: string;

  @Value(Units)
  readonly quantity!: number;

  @Value(Money, { example: 150_000 })
  readonly unitPrice!: number;

  @Value(Money, { optional: true, description: 'whole rupiah, for all units of the line' })
  readonly discount?: number;

  @Value(Money, { optional: true, description: 'whole rupiah, included in the price' })
  readonly tax?: number;

  @Value(FeeClass, {
    optional: true,
    example: 'A',
    description: 'class by which the terms of the channel charge a fee; without: that of its listing',
  })
  readonly feeClass?: string;
}

export class CheckoutDto implements Checkout {
  @Value(ChannelId, { example: 'blanja' })
  readonly channel!: string;

  @Value(OrderRef, { example: 'INV-2026-0001' })
  readonly orderRef!: string;

  @Value(StoreRef, { optional: true, description: 'which of its stores, where its listings tell them apart' })
  readonly store?: string;

  @Value(PastInstant, { example: '2026-01-05T09:30:00+07:00' })
  readonly placedAt!: string;

  @NestedList(CheckoutLineDto, { min: 1, max: CHECKOUT_LINES_MAX })
  readonly lines!: CheckoutLineDto[];

  @Value(Money, {
    optional: true,
    description: 'whole rupiah, of the order as a whole; what the seller bears of it is shared over its lines',
  })
  readonly discount?: number;

  @Value(Money, {
    optional: true,
    description: 'whole rupiah that the channel keeps, shared over the lines; without: what its terms say',
  })
  readonly fees?: number;

  @Value(Money, {
    optional: true,
    description: 'whole rupiah that shipping costs; shared over the lines where the seller bears it',
  })
  readonly shipping?: number;
}

export class CheckoutAnswerView {
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({ enum: ['accepted', 'duplicate'], description: 'duplicate: the same checkout came before' })
  readonly outcome!: 'accepted' | 'duplicate';
}

export class RejectedCheckoutView implements StoredRejection {
  @ApiProperty({ format: 'uuid' })
  readonly rejectionId!: string;
  @ApiProperty({ example: 'blanja', description: 'who sent it' })
  readonly channel!: string;
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({ enum: ['checkout', 'refund', 'cancellation', 'shipment', 'delivery', 'dispute', 'dispute-closing'] })
  readonly type!: StoredRejection['type'];
  @ApiProperty({
    enum: ['invalid', 'conflict', 'wrong-channel'],
    description:
      'conflict: other content under a reference that was taken; wrong-channel: of an order of another channel',
  })
  readonly reason!: StoredRejection['reason'];
  @ApiProperty({ example: 'lines/0/quantity must be >= 1' })
  readonly detail!: string;
  @ApiProperty({ type: Object, description: 'as it came' })
  readonly content!: unknown;
  @ApiProperty({ type: String, format: 'date-time' })
  readonly receivedAt!: Date;
}

export class RejectedCheckoutQuery extends PageQuery {
  @Parameter(ChannelId, { optional: true, description: 'of whose sending' })
  readonly channel?: string;
}

export class RejectedCheckoutPage {
  @ApiProperty({ type: [RejectedCheckoutView] })
  readonly items!: RejectedCheckoutView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
