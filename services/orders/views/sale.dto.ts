import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChannelId, FacilityId, type JournalTotals, LocalDate, oneOf, Region, StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';
import { SALE_STATUSES, type SaleStatus } from '../sales/sale.repository.ts';
import { OrderLineView } from './order.dto.ts';

export class SaleQuery extends PageQuery {
  @Parameter(FacilityId, { optional: true, description: 'only sales of this facility' })
  readonly facilityId?: string;

  @Parameter(Region, { optional: true, description: 'only sales of facilities of this region' })
  readonly region?: string;

  @Parameter(ChannelId, { optional: true, description: 'only sales on this channel' })
  readonly channel?: string;

  @Parameter(oneOf(SALE_STATUSES), { optional: true })
  readonly status?: SaleStatus;

  @Parameter(StoredText, { optional: true, description: 'only sales of this product' })
  readonly sku?: string;

  @Parameter(StoredText, { optional: true, description: 'what the reference of the order begins with' })
  readonly q?: string;

  @Parameter(LocalDate, { optional: true, description: 'first day on which the order was placed, in Asia/Jakarta' })
  readonly from?: string;

  @Parameter(LocalDate, { optional: true, description: 'last day on which the order was placed, in Asia/Jakarta' })
  readonly to?: string;
}

/** How much of it the books gave to whom, refunds taken back; whole rupiah. */
class SaleTotalsView implements JournalTotals {
  @ApiProperty({ type: 'integer' })
  readonly costRecovery!: number;
  @ApiProperty({ type: 'integer' })
  readonly facility!: number;
  @ApiProperty({ type: 'integer' })
  readonly makers!: number;
  @ApiProperty({ type: 'integer' })
  readonly state!: number;
  @ApiProperty({ type: 'integer' })
  readonly beneficiaries!: number;
  @ApiProperty({ type: 'integer' })
  readonly fees!: number;
  @ApiProperty({ type: 'integer' })
  readonly shipping!: number;
  @ApiProperty({ type: 'integer' })
  readonly tax!: number;
  @ApiProperty({ type: 'integer' })
  readonly suspense!: number;
}

export class ListedSaleView {
  @ApiProperty({ example: 'blanja/INV-2026-0001@F001' })
  readonly saleId!: string;
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({ format: 'date-time' })
  readonly placedAt!: string;
  @ApiProperty()
  readonly facilityId!: string;
  @ApiProperty({ enum: SALE_STATUSES, description: 'credited: in the books; settled: the channel has paid it out' })
  readonly status!: SaleStatus;
  @ApiProperty({ type: [OrderLineView], description: 'of the order, those that the facility made' })
  readonly lines!: OrderLineView[];
  @ApiProperty({ type: 'integer', description: 'what the buyer pays for these lines, whole rupiah' })
  readonly price!: number;
  @ApiProperty({ type: 'integer', description: 'what the buyer got back of it' })
  readonly refunded!: number;
  @ApiProperty({ description: 'true: a dispute of it is not over, and nothing of it is released' })
  readonly disputed!: boolean;
  @ApiPropertyOptional({ type: SaleTotalsView, description: 'absent until it is in the books' })
  readonly totals?: SaleTotalsView;
  @ApiPropertyOptional({ format: 'uuid', description: 'the journal in the ledger' })
  readonly journalId?: string;
}

class SaleSumsView {
  @ApiProperty({ type: 'integer', description: 'whole rupiah' })
  readonly price!: number;
  @ApiProperty({ type: 'integer', description: 'whole rupiah' })
  readonly refunded!: number;
}

export class SalePage {
  @ApiProperty({ type: [ListedSaleView] })
  readonly items!: ListedSaleView[];
  @ApiProperty({ type: 'integer', maximum: 5_001, description: 'sales of the whole filter; 5001: more than 5,000' })
  readonly count!: number;
  @ApiPropertyOptional({ type: SaleSumsView, description: 'of the whole filter; absent if these are more than 5,000' })
  readonly sums?: SaleSumsView;
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
