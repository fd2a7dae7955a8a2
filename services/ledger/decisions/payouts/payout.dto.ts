import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BankId, FacilityId, LocalDate, oneOf, StoredText, Uuid } from '#libs/contracts';
import { Actions, type ActionView } from '#libs/decisions';
import { PageQuery, Parameter, Value, Values } from '#libs/http';
import { type LeftOut, type Payout, type PayoutItem, reasonsToLeaveOut } from './payout.ts';

const statuses: readonly Payout['status'][] = ['proposed', 'reviewed', 'approved', 'rejected', 'withdrawn'];
const itemStatuses: readonly PayoutItem['status'][] = [
  ...(['proposed', 'reserved', 'sent', 'paid', 'failed', 'rejected', 'withdrawn'] as const),
];

export class PayoutQuery extends PageQuery {
  @Parameter(StoredText, { optional: true })
  facilityId?: string;

  @Parameter(oneOf(statuses), { optional: true })
  status?: Payout['status'];
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
    enum: itemStatuses,
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
  @ApiProperty({ enum: statuses })
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

  /** Added to every answer by actions.interceptor.ts. */
  @Actions()
  actions?: ActionView[];
}

class PayoutCountView {
  @ApiProperty({ enum: itemStatuses })
  status!: PayoutItem['status'];
  @ApiProperty({ type: 'integer' })
  items!: number;
  @ApiProperty({ description: 'whole rupiah (IDR)' })
  amount!: number;
}

class LeftOutView implements LeftOut {
  @ApiProperty({ example: 'maker:M1:wages' })
  account!: string;
  @ApiProperty({ description: 'what the facility holds of it and does not pay now, whole rupiah (IDR)' })
  amount!: number;
  @ApiProperty({
    enum: reasonsToLeaveOut,
    description:
      'excluded: by the review; frozen: nothing is paid to the maker; elsewhere: another facility pays the maker; later: it became available after the last day; being-paid: by another payout; used: it is no longer there',
  })
  because!: LeftOut['because'];
}

export class PayoutView extends PayoutSummaryView {
  @ApiProperty({ description: 'of all items that are not rejected, whole rupiah (IDR)' })
  total!: number;
  @ApiProperty({ type: [PayoutCountView], description: 'of the items, by how they stand' })
  counts!: PayoutCountView[];
  @ApiProperty({
    type: [LeftOutView],
    description: 'who is not paid, as it is now; of a payout that is decided, whom the review left out',
  })
  leftOut!: LeftOutView[];
  @ApiProperty({ type: [PayoutItemView] })
  items!: PayoutItemView[];
}

export class PayoutPage {
  @ApiProperty({ type: [PayoutSummaryView] })
  items!: PayoutSummaryView[];
  @ApiPropertyOptional()
  nextCursor?: string;
}
