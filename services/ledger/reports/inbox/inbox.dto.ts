import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FacilityId, Flag, oneOf } from '#libs/contracts';
import { Actions, type ActionView } from '#libs/decisions';
import { PageQuery, Parameter } from '#libs/http';

export const kinds = [
  'payout',
  'deposit',
  'adjustment',
  'maker-event',
  'agreement',
  'period',
  'refused-event',
] as const;
export type Kind = (typeof kinds)[number];

const states = ['open', 'approved', 'rejected', 'withdrawn'] as const;

export class InboxQuery extends PageQuery {
  @Parameter(oneOf(states), { optional: true, description: 'open: nobody has approved, rejected or withdrawn it' })
  readonly state?: (typeof states)[number];

  @Parameter(oneOf(kinds), { optional: true })
  readonly kind?: Kind;

  @Parameter(FacilityId, { optional: true })
  readonly facilityId?: string;

  @Parameter(Flag, { optional: true, description: 'true: only what waits for whoever asks, to review or approve it' })
  readonly mine?: boolean;
}

class StepTakenView {
  @ApiProperty({ description: 'person id' })
  readonly by!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: Date;
}

class DecidedView extends StepTakenView {
  @ApiProperty({ type: 'string', nullable: true, description: 'why it was rejected' })
  readonly because!: string | null;
}

export class InboxItemView {
  @ApiProperty({ enum: kinds })
  readonly kind!: Kind;

  @ApiProperty({ description: 'as the routes of its kind have it' })
  readonly id!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'of an agreement' })
  readonly version!: number | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    example: 'transfer',
    description: 'which adjustment, event of a maker; why the books refused an event',
  })
  readonly type!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'the maker of an event, the month of a period, the billing code of a deposit, what an event that is to be discarded speaks of',
  })
  readonly about!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'null: it is of the nation' })
  readonly facilityId!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'whole rupiah (IDR) that it moves; null: none, or nobody knows before it is approved',
  })
  readonly amount!: number | null;

  @ApiProperty({ enum: ['draft', 'reviewed', 'approved', 'rejected', 'withdrawn'] })
  readonly status!: string;

  @ApiProperty({ type: StepTakenView })
  readonly drafted!: StepTakenView;

  @ApiProperty({ type: StepTakenView, nullable: true })
  readonly reviewed!: StepTakenView | null;

  @ApiProperty({
    type: DecidedView,
    nullable: true,
    description: 'approved, rejected, or withdrawn by its drafter; of a deposit, when the state had it',
  })
  readonly decided!: DecidedView | null;

  @Actions()
  readonly actions!: ActionView[];
}

export class InboxPage {
  @ApiProperty({ type: [InboxItemView] })
  readonly items!: InboxItemView[];

  @ApiProperty({ type: 'integer', description: 'how many are open, of those that are asked for; of whatever page' })
  readonly open!: number;

  @ApiProperty({ type: 'integer', description: 'of them, how many wait for whoever asks, to review or approve them' })
  readonly mine!: number;

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
