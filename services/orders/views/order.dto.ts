import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChannelId, oneOf, type SettlementConfirmed } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';
import type { Dispute, OrderStatus, Refund, Settlement } from '../process/order-process.ts';
import { ORDER_STATUSES, type StatusForPeople } from '../process/order-status.ts';

const statuses: readonly OrderStatus[] = ['rejected', 'placed', 'paid', 'credited', 'refunded', 'cancelled'];
const reasons = ['invalid', 'unknown-sku', 'out-of-stock', 'payment-failed', 'reservation-expired'] as const;

export class OrderQuery extends PageQuery {
  @Parameter(oneOf(statuses), { optional: true })
  readonly status?: OrderStatus;

  @Parameter(oneOf(reasons), {
    optional: true,
    description: 'why an order was rejected or cancelled, or waits for goods',
  })
  readonly reason?: (typeof reasons)[number];

  @Parameter(ChannelId, { optional: true })
  readonly channel?: string;
}

export class OrderSummaryView {
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({ enum: statuses })
  readonly status!: OrderStatus;
  @ApiPropertyOptional({ enum: reasons })
  readonly reason?: string;
  @ApiPropertyOptional({ example: 'line 2, sku 85123A' })
  readonly detail?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'absent if the checkout is invalid' })
  readonly placedAt?: string;
  @ApiPropertyOptional({
    type: 'integer',
    description: 'what the buyer pays, whole rupiah; absent where only a part of the order is shown',
  })
  readonly amount?: number;
}

export class OrderPage {
  @ApiProperty({ type: [OrderSummaryView] })
  readonly items!: OrderSummaryView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class OrderLineView {
  @ApiProperty()
  readonly lineRef!: string;
  @ApiProperty({ description: 'as its channel says it' })
  readonly sku!: string;
  @ApiPropertyOptional({ description: 'our SKU that it is listed as' })
  readonly listedSku?: string;
  @ApiPropertyOptional({ enum: [true], description: 'the channel has listings, and it is not among them' })
  readonly unlisted?: true;
  @ApiProperty({ type: 'integer' })
  readonly quantity!: number;
  @ApiPropertyOptional({ type: 'integer', description: 'units of it that have left, as far as its channel told' })
  readonly shipped?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'units of it that the buyer has received' })
  readonly delivered?: number;
  @ApiProperty({ type: 'integer', description: 'whole rupiah, tax included' })
  readonly unitPrice!: number;
  @ApiProperty({ type: 'integer', description: "for all units, its part of the order's discount included" })
  readonly discount!: number;
  @ApiProperty({ type: 'integer' })
  readonly fees!: number;
  @ApiProperty({ type: 'integer' })
  readonly shipping!: number;
  @ApiProperty({ type: 'integer' })
  readonly tax!: number;
  @ApiPropertyOptional({ description: 'who serves it, once it is reserved' })
  readonly facilityId?: string;
}

export class SaleView {
  @ApiProperty({ example: 'blanja/INV-2026-0001@F001' })
  readonly saleId!: string;
  @ApiProperty()
  readonly facilityId!: string;
  @ApiProperty({ enum: ['reserved', 'paid', 'credited', 'settled', 'cancelled'] })
  readonly status!: 'reserved' | 'paid' | 'credited' | 'settled' | 'cancelled';
  @ApiPropertyOptional({ format: 'uuid', description: 'the journal in the ledger' })
  readonly journalId?: string;
}

export class RefundView implements Omit<Refund, 'line' | 'correlationId' | 'hold'> {
  @ApiProperty({ example: 'blanja/INV-2026-0001/1#R-1' })
  readonly refundId!: string;
  @ApiProperty()
  readonly lineRef!: string;
  @ApiProperty()
  readonly refundRef!: string;
  @ApiProperty({ type: 'integer' })
  readonly quantity!: number;
  @ApiPropertyOptional({
    enum: [true],
    description: 'a cancellation: the units were not shipped, and can be sold again',
  })
  readonly unshipped?: true;
  @ApiProperty({ format: 'date-time' })
  readonly requestedAt!: string;
  @ApiProperty({
    enum: ['waiting', 'requested', 'returned', 'posted', 'unsold', 'rejected'],
    description: 'unsold: the buyer had it back before there were goods',
  })
  readonly status!: Refund['status'];
  @ApiPropertyOptional({ enum: ['sale-unknown', 'sale-rejected', 'refund-exceeds-sale', 'already-shipped'] })
  readonly reason?: NonNullable<Refund['reason']>;
  @ApiPropertyOptional({ type: 'integer', description: 'whole rupiah' })
  readonly amount?: number;
  @ApiPropertyOptional({ format: 'uuid', description: 'the journal in the ledger' })
  readonly journalId?: string;
}

export class DisputeView implements Omit<Dispute, 'line' | 'correlationId' | 'frozen'> {
  @ApiProperty({ example: 'blanja/INV-2026-0001/1#DP-5', description: 'of a refund too, if the buyer wins it' })
  readonly disputeId!: string;
  @ApiProperty()
  readonly lineRef!: string;
  @ApiProperty()
  readonly disputeRef!: string;
  @ApiProperty({ type: 'integer' })
  readonly quantity!: number;
  @ApiProperty({ enum: ['open', 'seller', 'buyer', 'rejected'], description: 'seller, buyer: who won it' })
  readonly status!: Dispute['status'];
  @ApiPropertyOptional({ enum: ['sale-unknown', 'sale-rejected', 'dispute-exceeds-sale'] })
  readonly reason?: NonNullable<Dispute['reason']>;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly closedAt?: string;
}

export class SettlementView implements Omit<SettlementConfirmed, 'orderId'> {
  @ApiProperty({ example: 'blanja/INV-2026-0001~S-1' })
  readonly settlementId!: string;
  @ApiPropertyOptional({ description: 'of this sale; absent: of the whole order' })
  readonly facilityId?: string;
  @ApiProperty({ type: 'integer', description: 'what the channel kept as its fee, whole rupiah' })
  readonly fee!: number;
  @ApiProperty({ type: 'integer' })
  readonly shipping!: number;
  @ApiProperty({ type: 'integer', description: 'PPh 22 paid to the state for us' })
  readonly withheldTax!: number;
  @ApiPropertyOptional({ type: 'integer', description: 'paid out and kept together' })
  readonly revenue?: number;
  @ApiPropertyOptional({ type: 'integer' })
  readonly paidOut?: number;
  @ApiPropertyOptional({ enum: ['all', 'part'], description: 'part: more follows; absent: of before reports said so' })
  readonly settles?: 'all' | 'part';
  @ApiProperty({ example: 'bri' })
  readonly bank!: string;
  @ApiProperty({ format: 'date-time' })
  readonly settledAt!: string;
  @ApiProperty({
    enum: ['waiting', 'held', 'settled', 'rejected'],
    description: 'waiting: until its sales are told; held: the books have it, and nobody is credited yet',
  })
  readonly status!: Settlement['status'];
}

const standings = Object.keys(ORDER_STATUSES) as StatusForPeople[];

class StandingView {
  @ApiProperty({ enum: standings })
  readonly status!: StatusForPeople;
  @ApiProperty({ example: 'Credited' })
  readonly en!: string;
  @ApiProperty({ example: 'Sudah dibukukan' })
  readonly id!: string;
}

export class OrderView extends OrderSummaryView {
  @ApiProperty({ type: StandingView, description: 'where it stands, in words' })
  readonly standing!: StandingView;
  @ApiProperty({ enum: ['IDR'] })
  readonly currency!: 'IDR';
  @ApiProperty({ type: [OrderLineView] })
  readonly lines!: OrderLineView[];
  @ApiPropertyOptional({ type: [SaleView], description: 'absent for marketplaces' })
  readonly sales?: SaleView[];
  @ApiProperty({ type: [RefundView] })
  readonly refunds!: RefundView[];
  @ApiPropertyOptional({ type: [DisputeView], description: 'absent: its marketplace told of none' })
  readonly disputes?: DisputeView[];
  @ApiProperty({ type: [SettlementView] })
  readonly settlements!: SettlementView[];
  @ApiPropertyOptional({ type: 'integer', description: 'version of its channel’s terms, in force when it was placed' })
  readonly termsVersion?: number;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly correlationId?: string;
}
