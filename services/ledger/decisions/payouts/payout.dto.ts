import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BankId, FacilityId, LocalDate, StoredText, Uuid } from '#libs/contracts';
import { PageQuery, Parameter, Value, Values } from '#libs/http';
import type { Payout, PayoutItem } from './payout.ts';

export class PayoutQuery extends PageQuery {
  @Parameter(StoredText, { optional: true })
  facilityId?: string;
}

export class PayoutProposalDto {
  @Value(FacilityId, { example: 'F001' })
  readonly facilityId!: string;

  @Value(BankId, { example: 'bri', description: 'account of the facility that pays' })
  readonly bank!: string;

  @Value(LocalDate, { description: 'what was available at the end of this day (Asia/Jakarta)' })
  readonly upTo!: string;
}

export class ReviewDto {
  @Values(Uuid, { optional: true, max: 5_000, description: 'items that are not to be paid now' })
  readonly exclude: string[] = [];
}

class PayoutItemView implements PayoutItem {
  @ApiProperty({ format: 'uuid' })
  itemId!: string;
  @ApiProperty({ example: 'maker:M1:wages' })
  account!: string;
  @ApiProperty({ description: 'whole rupiah (IDR)' })
  amount!: number;
  @ApiProperty({ type: 'string', nullable: true, description: 'who is paid in the place of the account’s owner' })
  payee!: string | null;
  @ApiProperty({
    enum: ['proposed', 'reserved', 'sent', 'paid', 'failed', 'rejected', 'withdrawn'],
    description:
      'reserved: kept for it; sent: with the bank; failed: available again; rejected: by the review or as a whole',
  })
  status!: PayoutItem['status'];
  @ApiProperty({ type: 'string', nullable: true, description: 'why it failed' })
  reason!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'the payment in the books' })
  journalId!: string | null;
}

export class PayoutSummaryView implements Payout {
  @ApiProperty({ format: 'uuid' })
  payoutId!: string;
  @ApiProperty()
  facilityId!: string;
  @ApiProperty()
  bank!: string;
  @ApiProperty({ format: 'date' })
  upTo!: string;
  @ApiProperty({ enum: ['proposed', 'reviewed', 'approved', 'rejected', 'withdrawn'] })
  status!: Payout['status'];
  @ApiProperty({ type: 'string', nullable: true, description: 'why it was rejected' })
  reason!: string | null;
  @ApiProperty()
  createdBy!: string;
  @ApiProperty({ format: 'date-time' })
  createdAt!: Date;
  @ApiProperty({ type: 'string', nullable: true })
  reviewedBy!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  reviewedAt!: Date | null;
  @ApiProperty({ type: 'string', nullable: true })
  decidedBy!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  decidedAt!: Date | null;
}

export class PayoutView extends PayoutSummaryView {
  @ApiProperty({ description: 'of all items that are not rejected, whole rupiah (IDR)' })
  total!: number;
  @ApiProperty({ type: [PayoutItemView] })
  items!: PayoutItemView[];
}

export class PayoutPage {
  @ApiProperty({ type: [PayoutSummaryView] })
  items!: PayoutSummaryView[];
  @ApiPropertyOptional()
  nextCursor?: string;
}
