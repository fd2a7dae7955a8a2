import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BankId, FacilityId, LocalDate, oneOf, StoredText, Uuid } from '#libs/contracts';
import { Actions, type ActionView } from '#libs/decisions';
import { PageQuery, Parameter, Value, Values } from '#libs/http';
import { type LeftOut, type PaidItem, type Payout, type PayoutItem, reasonsToLeaveOut } from './payout.ts';

const statuses: readonly Payout['status'][] = ['proposed', 'reviewed', 'approved', 'rejected', 'withdrawn'];
const itemStatuses: readonly PayoutItem['status'][] = [
  ...(['proposed', 'reserved', 'sent', 'paid', 'failed', 'rejected', 'withdrawn'] as const),
];

export class PayoutQuery extends PageQuery {
  @Parameter(StoredText, { optional: true })
  readonly facilityId?: string;

  @Parameter(oneOf(statuses), { optional: true })
  readonly status?: Payout['status'];
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

class PayoutItemView implements PaidItem {
  @ApiProperty({ format: 'uuid' })
  readonly itemId!: string;
  @ApiProperty({ example: 'maker:M1:wages' })
  readonly account!: string;
  @ApiProperty({ description: 'whole rupiah (IDR)' })
  readonly amount!: number;
  @ApiProperty({ type: 'string', nullable: true, description: 'who is paid in the place of the account’s owner' })
  readonly payee!: string | null;
  @ApiProperty({
    enum: itemStatuses,
    description:
      'reserved: kept for it; sent: with the bank; failed: available again; rejected: by the review or as a whole',
  })
  readonly status!: PayoutItem['status'];
  @ApiProperty({ type: 'string', nullable: true, description: 'why it failed' })
  readonly reason!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'the payment in the books' })
  readonly journalId!: string | null;
  @ApiProperty({
    ...{ type: 'string', format: 'date', nullable: true },
    description: 'day (Asia/Jakarta) on which the bank paid; of what it sent back later as well',
  })
  readonly paidOn!: string | null;
}

export class PayoutSummaryView implements Payout {
  @ApiProperty({ format: 'uuid' })
  readonly payoutId!: string;
  @ApiProperty()
  readonly facilityId!: string;
  @ApiProperty()
  readonly bank!: string;
  @ApiProperty({ format: 'date' })
  readonly upTo!: string;
  @ApiProperty({ enum: statuses })
  readonly status!: Payout['status'];
  @ApiProperty({ type: 'string', nullable: true, description: 'why it was rejected' })
  readonly reason!: string | null;
  @ApiProperty()
  readonly createdBy!: string;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: Date;
  @ApiProperty({ type: 'string', nullable: true })
  readonly reviewedBy!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly reviewedAt!: Date | null;
  @ApiProperty({ type: 'string', nullable: true })
  readonly decidedBy!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly decidedAt!: Date | null;

  /** Added to every answer by actions.interceptor.ts. */
  @Actions()
  readonly actions?: ActionView[];
}

class PayoutCountView {
  @ApiProperty({ enum: itemStatuses })
  readonly status!: PayoutItem['status'];
  @ApiProperty({ type: 'integer' })
  readonly items!: number;
  @ApiProperty({ description: 'whole rupiah (IDR)' })
  readonly amount!: number;
}

class LeftOutView implements LeftOut {
  @ApiProperty({ example: 'maker:M1:wages' })
  readonly account!: string;
  @ApiProperty({ description: 'what the facility holds of it and does not pay now, whole rupiah (IDR)' })
  readonly amount!: number;
  @ApiProperty({
    enum: reasonsToLeaveOut,
    description:
      'excluded: by the review; frozen: nothing is paid to the maker; elsewhere: another facility pays the maker; later: it became available after the last day; being-paid: by another payout; used: it is no longer there',
  })
  readonly because!: LeftOut['because'];
}

export class PayoutView extends PayoutSummaryView {
  @ApiProperty({ description: 'of all items that are not rejected, whole rupiah (IDR)' })
  readonly total!: number;
  @ApiProperty({ type: [PayoutCountView], description: 'of the items, by how they stand' })
  readonly counts!: PayoutCountView[];
  @ApiProperty({
    type: [LeftOutView],
    description: 'who is not paid, as it is now; of a payout that is decided, whom the review left out',
  })
  readonly leftOut!: LeftOutView[];
  @ApiProperty({ type: [PayoutItemView] })
  readonly items!: PayoutItemView[];
}

export class PayoutPage {
  @ApiProperty({ type: [PayoutSummaryView] })
  readonly items!: PayoutSummaryView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
